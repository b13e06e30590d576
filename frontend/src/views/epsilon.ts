import { html, type PropertyValues, type TemplateResult } from "lit";
import { type Axis, nextTick, snap } from "../model/axis";
import { bothTexts, percent } from "../model/format";
import { robustAccuracy } from "../model/selection";
import type { RunView } from "../store";
import { Dragging } from "./dragging";
import { DashboardElement, data } from "./element";
import { epsilonStyle } from "./epsilon.style";
import { keyTarget } from "./keys";
import { base } from "./theme";

/** How near to a tick, in pixels, the thumb is drawn to it. */
const SNAP = 6;
/** A fine step of the keyboard, as a share of the axis. */
const FINE = 1 / 200;

/**
 * The epsilon slider. It lies over the chart's plot: its thumb on the epsilon axis, its line
 * through the curves; with the attribute `plain` it lies on a track of its own. Between ticks it
 * moves continuously.
 */
export class EpsilonSlider extends DashboardElement {
  static override properties = { axis: data, epsilon: data, run: data };

  declare axis: Axis;
  declare epsilon: number;
  /** Whose accuracy is told with epsilon. */
  declare run: RunView | null;

  /** Where keys have led that are not drawn yet: the next one goes on from there. */
  #ahead: number | null = null;

  readonly #dragging = new Dragging(this, (event) => this.#moveTo(event));

  static override styles = [base, epsilonStyle];

  constructor() {
    super();
    this.run = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("epsilon")) this.#ahead = null;
  }

  override render(): TemplateResult {
    const { axis, epsilon } = this;
    const left = (value: number) => `left: ${100 * axis.place(value)}%`;
    const texts = bothTexts(epsilon, axis.decimals);
    return html`
      <div class="track"></div>
      ${axis.ticks.map((tick) => html`<div class="tick" style=${left(tick)}></div>`)}
      <div class="line" style=${left(epsilon)}></div>
      <div class="zone" @pointerdown=${this.grab} @pointermove=${this.#dragging.follow} @lostpointercapture=${this.#dragging.release}></div>
      <div
        class="thumb"
        role="slider"
        tabindex="0"
        aria-label=${this.words.epsilon}
        aria-valuemin="0"
        aria-valuemax=${axis.max}
        aria-valuenow=${epsilon}
        aria-valuetext=${this.#told(axis.decimals ? texts.join(" = ") : texts[0])}
        style=${left(epsilon)}
        @pointerdown=${this.grab}
        @keydown=${this.#key}
      ></div>
    `;
  }

  /** Epsilon, and how often the model is right there. */
  #told(epsilon: string): string {
    const { record, at } = this.run ?? {};
    if (!record || !at) return epsilon;
    return this.words.shareAtEpsilon(epsilon, percent(robustAccuracy(record, at), 0));
  }

  /** Takes the thumb to a pointer that was pressed, here or on the chart, and follows it. */
  grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    const zone = this.renderRoot.querySelector(".zone");
    if (!zone) return;
    event.preventDefault();
    this.#dragging.grab(event, zone);
    this.renderRoot.querySelector<HTMLElement>(".thumb")?.focus({ preventScroll: true });
  }

  #moveTo(event: PointerEvent): void {
    const { left, width } = this.getBoundingClientRect();
    if (width > 0) this.#set(snap(this.axis, (event.clientX - left) / width, SNAP / width));
  }

  #key(event: KeyboardEvent): void {
    const { axis } = this;
    const epsilon = this.#ahead ?? this.epsilon;
    const step = (direction: 1 | -1) =>
      event.shiftKey
        ? axis.epsilon(axis.place(epsilon) + direction * FINE)
        : nextTick(axis, epsilon, direction);
    const target = keyTarget<() => number>(event, {
      ArrowRight: () => step(1),
      ArrowUp: () => step(1),
      PageUp: () => nextTick(axis, epsilon, 1),
      ArrowLeft: () => step(-1),
      ArrowDown: () => step(-1),
      PageDown: () => nextTick(axis, epsilon, -1),
      Home: () => 0,
      End: () => axis.max,
    });
    if (!target) return;
    this.#ahead = target();
    this.#set(this.#ahead);
  }

  #set(epsilon: number): void {
    this.store.select({ epsilon });
  }
}

customElements.define("fgsm-epsilon", EpsilonSlider);
