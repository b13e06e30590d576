import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type Axis, nextTick, snap } from "../model/axis";
import { epsilonText } from "../model/format";
import type { Prediction, Sample } from "../model/record";
import type { Dragging } from "./dragging";
import { keyTarget } from "./keys";

export const WIDTH = 96;
export const HEIGHT = 22;
/** How near to a tick, in pixels, the line is drawn to it. */
const SNAP = 4;

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

/** What lies over a curve: a slider of epsilon. */
interface Seek {
  readonly axis: Axis;
  readonly epsilon: number;
  readonly label: string;
  /** Whether Tab goes to it. */
  readonly tabbed: boolean;
  readonly dragging: Dragging;
  readonly set: (epsilon: number) => void;
}

/** Takes epsilon to where a curve is pressed, or a key further. */
export function seek({ axis, epsilon, label, tabbed, dragging, set }: Seek): TemplateResult {
  const grab = (event: PointerEvent) => {
    if (event.button === 0) dragging.grab(event, event.currentTarget as Element);
  };
  const key = (event: KeyboardEvent) => {
    const now = Number((event.currentTarget as Element).getAttribute("aria-valuenow"));
    const to = keyTarget<number>(event, {
      ArrowRight: nextTick(axis, now, 1),
      ArrowUp: nextTick(axis, now, 1),
      ArrowLeft: nextTick(axis, now, -1),
      ArrowDown: nextTick(axis, now, -1),
      Home: 0,
      End: axis.max,
    });
    if (to !== undefined) set(to);
  };
  return html`<div
    class="seek"
    role="slider"
    tabindex=${tabbed ? 0 : -1}
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax=${axis.max}
    aria-valuenow=${live(String(epsilon))}
    aria-valuetext=${live(epsilonText(epsilon, axis.decimals))}
    @pointerdown=${grab}
    @pointermove=${dragging.follow}
    @lostpointercapture=${dragging.release}
    @keydown=${key}
  ></div>`;
}

/** The epsilon at a pointer over a curve. */
export function sought(axis: Axis, { currentTarget, target, clientX }: PointerEvent): number {
  const seek = (currentTarget ?? target) as Element;
  const spark = seek.parentElement?.querySelector(".spark")?.getBoundingClientRect();
  return spark ? snap(axis, (clientX - spark.left) / spark.width, SNAP / spark.width) : 0;
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

/** Moves the line of the curve in a card, and tells its slider. */
export function moveSpark(card: ParentNode, axis: Axis, epsilon: number): void {
  card.querySelector(".spark i")?.setAttribute("style", line(axis.place(epsilon)));
  const seek = card.querySelector(".seek");
  seek?.setAttribute("aria-valuenow", String(epsilon));
  seek?.setAttribute("aria-valuetext", epsilonText(epsilon, axis.decimals));
}
