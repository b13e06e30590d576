import { html, LitElement, nothing, type TemplateResult } from "lit";
import { data } from "./element";
import { termStyle } from "./term.style";
import { base } from "./theme";

/** How far a tip stays from the window's edges, in CSS pixels. It touches its word: one can go there. */
const AWAY = 6;

/**
 * A word with a tip that explains it: shown when it is pointed at, focused or pressed, taken away
 * with Escape. A dotted line tells that there is one.
 */
export class Term extends LitElement {
  static override properties = { text: data, hint: data, shown: { state: true } };

  declare text: string;
  declare hint: string;
  declare shown: boolean;

  static override styles = [base, termStyle];

  constructor() {
    super();
    this.shown = false;
  }

  readonly #escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault(); // or a dialog around it would be closed as well
    this.shown = false;
  };

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#escape, true);
  }

  override render(): TemplateResult {
    return html`<span @pointerenter=${this.#show} @pointerleave=${this.#hide}
      ><button
        type="button"
        aria-describedby=${this.shown ? "tip" : nothing}
        @focus=${this.#show}
        @blur=${this.#hide}
        @click=${this.#show}
      >${this.text}</button
      >${
        this.shown
          ? html`<span id="tip" class="explained" role="tooltip" popover="manual">${this.hint}</span>`
          : nothing
      }</span
    >`;
  }

  override updated(): void {
    // Before all else, so that Escape takes away the tip and nothing below it.
    if (this.shown) window.addEventListener("keydown", this.#escape, true);
    else window.removeEventListener("keydown", this.#escape, true);
    const tip = this.renderRoot.querySelector<HTMLElement>(".explained");
    if (!tip) return;
    const word = (this.renderRoot.querySelector("button") as Element).getBoundingClientRect();
    if (!tip.matches(":popover-open")) tip.showPopover();
    const { width, height } = tip.getBoundingClientRect();
    const below = word.bottom;
    const top = below + height > innerHeight - AWAY ? word.top - height : below;
    const left = Math.max(AWAY, Math.min(word.left, innerWidth - AWAY - width));
    tip.style.top = `${top}px`;
    tip.style.left = `${left}px`;
  }

  readonly #show = () => {
    this.shown = true;
  };

  readonly #hide = () => {
    this.shown = false;
  };
}

customElements.define("fgsm-term", Term);
