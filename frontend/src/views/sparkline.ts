import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Axis } from "../model/axis";
import type { Prediction, Sample } from "../model/record";

export const WIDTH = 96;
export const HEIGHT = 22;

/** A sample's curves: the probability of its true class at 0 and each epsilon. */
export interface SparkPoints {
  readonly attacked: string;
  /** Along a random sign; empty where that was not asked for. */
  readonly control: string;
}

export function sparkPoints(sample: Sample, epsilons: readonly number[], axis: Axis): SparkPoints {
  const point = (epsilon: number, probability: number) =>
    `${(axis.place(epsilon) * WIDTH).toFixed(1)},${(1 + (1 - probability) * (HEIGHT - 2)).toFixed(1)}`;
  const curve = (predictions: readonly Prediction[]) => {
    const logged = predictions.map((prediction, i) =>
      point(epsilons[i] ?? 0, prediction.label_probability),
    );
    return [point(0, sample.clean.label_probability), ...logged].join(" ");
  };
  const { control = [] } = sample;
  return { attacked: curve(sample.adversarial), control: control.length > 0 ? curve(control) : "" };
}

/** A curve in a card's head, with the current epsilon as a line through it. */
export function spark(points: SparkPoints, place: number, label: string): TemplateResult {
  return html`
    <div class="spark" role="img" aria-label=${label} title=${label}>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
        <line class="floor" x1="0" x2=${WIDTH} y1=${HEIGHT - 0.5} y2=${HEIGHT - 0.5} />
        ${points.control ? svg`<polyline class="control" points=${points.control} />` : nothing}
        <polyline points=${points.attacked} />
      </svg>
      <i style=${live(line(place))}></i>
    </div>
  `;
}

/** The line follows the thumb, a hundred times a second: as a transform it costs no layout. */
function line(place: number): string {
  return `transform: translateX(${(place * WIDTH).toFixed(2)}px)`;
}

/** Moves the line of the curve in a card. */
export function moveSpark(card: ParentNode, place: number): void {
  card.querySelector(".spark i")?.setAttribute("style", line(place));
}
