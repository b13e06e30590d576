import type { LitElement } from "lit";
import type { Sight } from "./sight";

/** Milliseconds after which a grid that scrolls no more has come to rest. */
const REST = 200;

/** Has a grid rendered once more when it is left alone: cards that were kept in place get in order. */
export class Resting {
  readonly #host: LitElement;
  readonly #sight: Sight;
  #timer = 0;

  constructor(host: LitElement, sight: Sight) {
    this.#host = host;
    this.#sight = sight;
  }

  /** Waits for it, from now on. */
  wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const host = this.#host;
      if (!host.isConnected) return;
      // A card that moves loses the focus, also while another window has it, and a press on it that
      // is not yet a click.
      const within =
        this.#sight.focused !== null || host.shadowRoot?.activeElement?.closest(".cards");
      if (within || host.matches(":active")) this.wait();
      else host.requestUpdate();
    }, REST);
  }
}
