import { css, html, nothing, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { bothTexts, grouped, per255, percent } from "../model/format";
import { type Distance, distance, shades } from "../model/pair";
import type { Prediction, Record, Sample } from "../model/record";
import { correct, flipEpsilon, namer, predictionAt } from "../model/samples";
import type { Logged } from "../model/selection";
import { climb, climbStyle } from "./climb";
import { pairAt, type Seen } from "./picture";
import { epsilonStandIn } from "./stand-in";
import "./term";

interface Told {
  readonly words: Words;
  readonly record: Record;
  readonly sample: Sample;
  readonly at: Logged;
  readonly axis: Axis;
  /** Null while the pictures are on their way, and where they are damaged. */
  readonly seen: Seen | null;
}

type Fact =
  | readonly [term: TemplateResult | string, told: TemplateResult | string, hint?: string | null]
  | false;

/** All that is known of a sample at an epsilon, in full. */
export function facts(of: Told): TemplateResult {
  const { words, seen, record } = of;
  const rows = [
    ...said(of),
    ...(seen ? distances(distance(pairAt(seen), shades(record.picture)), words) : []),
    shape(of),
  ];
  return html`
    <h3>${words.facts}</h3>
    <dl class="facts">
      ${rows.map((row) => {
        if (!row) return nothing;
        const [term, told, hint] = row;
        return html`<dt>${term}</dt>
          <dd>${told}${hint ? html`<small>${hint}</small>` : nothing}</dd>`;
      })}
    </dl>
  `;
}

/** What the sample is, and what the model says of its pictures. */
function said({ words, record, sample, at, axis }: Told): Fact[] {
  const name = namer(record, words.unnamedClass);
  const { index, label, target, clean, noise, control = [] } = sample;
  const says = ({ classes, probabilities }: Prediction) =>
    `${name(classes[0])} ${percent(probabilities[0] ?? 0)}`;
  return [
    [words.trueClass, name(label)],
    target != null && [words.target, name(target), target === label ? words.targetIsLabel : null],
    [words.predictedClean, says(clean)],
    noise !== null && [words.predictedNoise, says(noise)],
    [words.predictedNow, says(predictionAt(sample, at.index)), epsilonStandIn(at, axis, words)],
    control.length > 0 && [words.predictedControl, says(control[at.index] ?? clean)],
    correct(sample) && [flipTerm(words), flip(flipEpsilon(record, sample), axis, words)],
    climbFact({ words, record, sample, at }),
    [words.sampleIndex, `#${index}`],
  ];
}

/** How its loss went along the attack's steps. */
function climbFact({
  words,
  record,
  sample,
  at,
}: Pick<Told, "words" | "record" | "sample" | "at">): Fact {
  const losses = at.epsilon > 0 && sample.climb?.[at.index];
  return losses ? [words.climb, climb(record.attack.name, losses, words)] : false;
}

/** What flips, in the words of the help. */
function flipTerm(words: Words): TemplateResult {
  const hint = words.helpTerms[1]?.[1] ?? "";
  return html`<fgsm-term .text=${words.flipEpsilon} .hint=${hint}></fgsm-term>`;
}

function flip(epsilon: number, { decimals }: Axis, words: Words): string {
  return Number.isFinite(epsilon) ? bothTexts(epsilon, decimals).join(" = ") : words.never;
}

function distances({ most, euclidean, moved, pixels }: Distance, words: Words): Fact[] {
  const share = percent(moved / pixels);
  return [
    [
      words.largestChange,
      words.largestChangeTold(words.levels(per255(most / 255)), (most / 255).toFixed(4)),
    ],
    [words.euclidean, euclidean.toFixed(3)],
    [words.pixelsMoved, words.pixelsMovedTold(grouped(moved), grouped(pixels), share)],
  ];
}

function shape({ words, record }: Told): Fact {
  const { width, height, channels } = record.picture;
  const size = words.pictureSizeTold(String(width), String(height), String(channels));
  const few = channels !== 1 && channels !== 3;
  const shown = few ? `${words.channels(channels, shades(record.picture))}; ` : "";
  return [
    words.pictureSize,
    size,
    `${shown}${record.attack.quantize ? words.quantized : words.unquantized}`,
  ];
}

/** The facts' looks. */
export const factsStyle = css`
  ${climbStyle}
  .facts {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 2px 16px;
    margin: 0;
    line-height: 20px;
  }
  .facts dt {
    color: var(--muted);
  }
  .facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .facts small {
    display: block;
    color: var(--muted);
    font-size: 11px;
    line-height: 15px;
  }
  @media (max-width: 479px) {
    .facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    .facts dd {
      margin-bottom: 6px;
    }
  }
`;
