import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import type { Sample } from "../api";
import type { Axis } from "../scale";

const WIDTH = 96;
const HEIGHT = 22;

/** The points of a sample's curve: the probability of its true class at 0 and each epsilon. */
export function sparkPoints(sample: Sample, epsilons: readonly number[], axis: Axis): string {
  const point = (epsilon: number, probability: number) =>
    `${(axis.place(epsilon) * WIDTH).toFixed(1)},${(1 + (1 - probability) * (HEIGHT - 2)).toFixed(1)}`;
  const logged = sample.adversarial.map((prediction, i) =>
    point(epsilons[i] ?? 0, prediction.label_probability),
  );
  return [point(0, sample.clean.label_probability), ...logged].join(" ");
}

/** A curve in a card's head, with the current epsilon as a line through it. */
export function spark(points: string, place: number, label: string): TemplateResult {
  const x = place * WIDTH;
  const now: SVGTemplateResult = svg`<line class="now" x1=${x} x2=${x} y1="0" y2=${HEIGHT} />`;
  return html`
    <svg class="spark" viewBox="-1 0 ${WIDTH + 2} ${HEIGHT}" role="img" aria-label=${label}>
      <title>${label}</title>
      <line class="floor" x1="0" x2=${WIDTH} y1=${HEIGHT - 0.5} y2=${HEIGHT - 0.5} />
      <polyline points=${points} />
      ${now}
    </svg>
  `;
}
