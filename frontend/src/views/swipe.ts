import { html, type TemplateResult } from "lit";
import { percent } from "../model/format";
import { DashboardElement } from "./element";
import { keyTarget } from "./keys";
import { swipeStyle } from "./swipe.style";
import { base } from "./theme";

/** How far a key moves the divider. */
const STEP = 0.02;
const LEAP = 0.1;

/** Two pictures over each other, parted by a divider that one drags. */
export class Swipe extends DashboardElement {
  static override properties = { share: { state: true } };

  /** How much of the width is the first one's. */
  declare share: number;

  static override styles = [base, swipeStyle];

  constructor() {
    super();
    this.share = 0.5;
  }

  override render(): TemplateResult {
    const { share, words } = this;
    return html`
      <div class="layer"><slot name="original"></slot></div>
      <div class="layer" style="clip-path: inset(0 0 0 ${100 * share}%)">
        <slot name="adversarial"></slot>
      </div>
      <slot></slot>
      <div
        class="divider"
        role="slider"
        tabindex="0"
        aria-label=${words.divider}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(100 * share)}
        aria-valuetext=${words.dividerTold(percent(share, 0))}
        style="left: ${100 * share}%"
        @pointerdown=${this.#grab}
        @pointermove=${this.#drag}
        @keydown=${this.#key}
      ></div>
    `;
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    // The pictures below stay where they are.
    event.stopPropagation();
    (event.target as Element).setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    if (!(event.buttons & 1)) return;
    event.stopPropagation();
    const { left, width } = this.getBoundingClientRect();
    this.#set((event.clientX - left) / width);
  }

  #key(event: KeyboardEvent): void {
    const step = event.shiftKey ? LEAP : STEP;
    const target = keyTarget<number>(event, {
      ArrowLeft: this.share - step,
      ArrowDown: this.share - step,
      ArrowRight: this.share + step,
      ArrowUp: this.share + step,
      Home: 0,
      End: 1,
    });
    if (target !== undefined) this.#set(target);
  }

  #set(share: number): void {
    this.share = Math.min(1, Math.max(0, share));
  }
}

customElements.define("fgsm-swipe", Swipe);
