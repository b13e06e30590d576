import { html, nothing, type TemplateResult } from "lit";
import type { Prediction, Record, Sample } from "../api";
import { percent, tickLabel } from "../format";
import { correct, firstFlip, stateOf } from "../samples";
import type { Axis } from "../scale";
import type { Words } from "../words";

interface Strip {
  readonly words: Words;
  readonly record: Record;
  readonly sample: Sample;
  readonly axis: Axis;
  /** The place among the logged epsilons that the current one stands on; -1 is the original. */
  readonly current: number;
  readonly name: (label: number) => string;
  readonly canvas: (place: number, said: string, surety: string) => TemplateResult;
}

/** A film strip: the original, then a picture for each logged epsilon, the flip marked between. */
export function strip(of: Strip): TemplateResult {
  const { record, sample } = of;
  const flip = correct(sample) ? firstFlip(sample) : Number.POSITIVE_INFINITY;
  const places = [-1, ...record.epsilons.keys()].filter((place) => record.epsilons[place] !== 0);
  return html`
    <div class="strip">
      ${places.map(
        (place, i) => html`
          ${i === 0 ? nothing : gap(of, place === flip)}
          ${frame(of, place, sample.adversarial[place] ?? sample.clean)}
        `,
      )}
    </div>
  `;
}

function gap({ words }: Strip, flips: boolean): TemplateResult {
  return flips
    ? html`<span class="flip" role="img" aria-label=${words.flipsHere} title=${words.flipsHere}>✕</span>`
    : html`<span class="gap"></span>`;
}

function frame(of: Strip, place: number, prediction: Prediction): TemplateResult {
  const { words, record, sample, axis, current, name, canvas } = of;
  const epsilon = record.epsilons[place];
  const said = name(prediction.classes[0]);
  const surety = percent(prediction.probabilities[0] ?? 0);
  return html`
    <figure
      class=${stateOf(sample, place) === "flipped" ? "fooled" : ""}
      aria-current=${place === current || (current >= 0 && record.epsilons[current] === 0 && place < 0) ? "true" : nothing}
    >
      <p class="epsilon">${epsilon === undefined ? words.clean : tickLabel(epsilon, axis.decimals)}</p>
      <div class="frame">${canvas(place, said, surety)}</div>
      <figcaption>
        <span class="said cut" title=${said}>${said}</span>
        <span class="surety">${surety}</span>
      </figcaption>
    </figure>
  `;
}
