import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { bothTexts, grouped, harmless, percent } from "../model/format";
import type { Prediction, Sample } from "../model/record";
import type { StepKey } from "../model/run";
import { namer, predictionAt } from "../model/samples";
import { picturedAt } from "../model/selection";
import type { Size } from "../model/sheet";
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

/** Whose adversarial examples these are, at which epsilon. */
export function attackNote(
  { record, at, epsilon }: Omit<Seen, "decoded" | "noise">,
  axis: Axis,
  words: Words,
): string {
  const shown = bothTexts(picturedAt(record, at, epsilon), axis.decimals).join(" = ");
  const stand = at.exact
    ? ""
    : ` (${words.predictionsAt(bothTexts(at.epsilon, axis.decimals)[0])})`;
  return `${words.figureNote(record.attack.name, shown)}${stand}`;
}

/**
 * A sample as a figure, with all that one must know to cite it.
 *
 * @param draw makes its pictures, or what is as large
 */
export function sampleFigure<P extends Size>(
  { run, tag, step }: StepKey,
  sample: Sample,
  seen: Omit<Seen, "decoded" | "noise">,
  axis: Axis,
  words: Words,
  draw: (kind: Kind) => P,
): Figure<P> {
  const { record, at } = seen;
  const name = namer(record, words.unnamedClass);
  const says = (said: Prediction | null) =>
    said ? `${name(said.classes[0])} ${percent(said.probabilities[0] ?? 0)}` : "";
  const each = record.pictures === "each";
  const middle = each ? "difference" : "noise";
  const term = record.attack.target ? "−ε · sign ∇J(target)" : "ε · sign ∇J";
  const source = [
    attackNote(seen, axis, words),
    `#${sample.index}`,
    harmless(run),
    harmless(tag),
    words.atStep(grouped(step)),
  ];
  return {
    title: title(sample, name),
    panels: [
      { picture: draw("original"), name: words.original, said: says(sample.clean) },
      {
        picture: draw(middle),
        name: each ? words.differenceClipped : words.noiseGiven(term),
        said: each ? "" : says(sample.noise),
      },
      {
        picture: draw("adversarial"),
        name: words.adversarial,
        said: says(predictionAt(sample, at.index)),
      },
    ],
    note: source.join(" · "),
  };
}
