import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { bothTexts, grouped, harmless, percent } from "../model/format";
import type { Prediction, Sample } from "../model/record";
import type { StepKey } from "../model/run";
import { namer, predictionAt } from "../model/samples";
import { picturedAt } from "../model/selection";
import type { Figure } from "./figure";
import { type Kind, paintPicture, type Seen } from "./picture";
import { title } from "./pill";

/** One of a sample's pictures on a canvas of its own size. */
export function drawn(kind: Kind, seen: Seen): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = seen.record.picture.width;
  canvas.height = seen.record.picture.height;
  paintPicture(canvas, kind, seen);
  return canvas;
}

/** A sample as a figure, with all that one must know to cite it. */
export function sampleFigure(
  { run, tag, step }: StepKey,
  sample: Sample,
  seen: Seen,
  axis: Axis,
  words: Words,
): Figure {
  const { record, at, epsilon } = seen;
  const name = namer(record, words.unnamedClass);
  const says = (said: Prediction | null) =>
    said ? `${name(said.classes[0])} ${percent(said.probabilities[0] ?? 0)}` : "";
  const each = record.pictures === "each";
  const middle = each ? "difference" : "noise";
  const shown = picturedAt(record, at, epsilon);
  const term = record.attack.target ? "−ε · sign ∇J(target)" : "ε · sign ∇J";
  const stand = at.exact
    ? ""
    : ` (${words.predictionsAt(bothTexts(at.epsilon, axis.decimals)[0])})`;
  const source = [
    `${words.figureNote(record.attack.name, bothTexts(shown, axis.decimals).join(" = "))}${stand}`,
    `#${sample.index}`,
    harmless(run),
    harmless(tag),
    words.atStep(grouped(step)),
  ];
  return {
    title: title(sample, name),
    panels: [
      { picture: drawn("original", seen), name: words.original, said: says(sample.clean) },
      {
        picture: drawn(middle, seen),
        name: each ? words.differenceClipped : words.noiseGiven(term),
        said: each ? "" : says(sample.noise),
      },
      {
        picture: drawn("adversarial", seen),
        name: words.adversarial,
        said: says(predictionAt(sample, at.index)),
      },
    ],
    note: source.join(" · "),
  };
}
