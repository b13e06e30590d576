import type { LitElement } from "lit";
import type { Slots } from "../model/slots";
import type { Sight } from "./sight";

/** Milliseconds after which a grid that scrolls no more has come to rest. */
const REST = 200;

/** Has a grid rendered once more when it is left alone: cards that were kept in place get in order. */
export class Resting {
  readonly #host: LitElement;
  readonly #sight: Sight;
  readonly #slots: Slots;
  #timer = 0;

  constructor(host: LitElement, sight: Sight, slots: Slots) {
    this.#host = host;
    this.#sight = sight;
    this.#slots = slots;
  }

  /** Waits for it, from now on, where there are cards that are not in order. */
  wait(): void {
    clearTimeout(this.#timer);
    const host = this.#host;
    if (this.#slots.sorted || !host.renderRoot.querySelector(".cards")) return;
    this.#timer = setTimeout(() => {
      if (!host.isConnected) return;
      const { focused } = this.#sight;
      const card = host.shadowRoot?.activeElement?.closest<HTMLElement>("[data-place]");
      // A card that moves loses the focus, also while another window has it, and a press on it that
      // is not yet a click.
      const elsewhere = card && Number(card.dataset["place"]) !== focused;
      if (elsewhere || host.matches(":active")) this.wait();
      else if (focused === null || this.#slots.settle(focused)) host.requestUpdate();
      else this.wait();
    }, REST);
  }
}
