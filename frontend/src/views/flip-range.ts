import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { epsilonText } from "../model/format";
import { rangeEnds, rangeWith } from "../model/ranges";
import type { Range } from "../model/samples";
import { DashboardElement, data } from "./element";
import { flipRangeStyle } from "./flip-range.style";
import { base, choice, framed } from "./theme";

/** Between which epsilons the shown samples flip, chosen among the logged ones; the chart has it, too. */
export class FlipRange extends DashboardElement {
  static override properties = { epsilons: data, decimals: data, flips: data };

  /** The logged epsilons. */
  declare epsilons: readonly number[];
  declare decimals: boolean;
  declare flips: Range | null;

  static override styles = [base, choice, framed, flipRangeStyle];

  override render(): TemplateResult {
    const { words, flips } = this;
    return html`
      ${this.#select(0, words.flipsFrom)}<span aria-hidden="true">–</span>${this.#select(1, words.flipsTo)}
      ${
        flips
          ? html`<button
              class="clear"
              aria-label=${words.clearFlips}
              title=${words.clearFlips}
              @click=${this.#clear}
            >
              ×
            </button>`
          : nothing
      }
    `;
  }

  /** One end of the range: the first or the second. */
  #select(end: 0 | 1, name: string): TemplateResult {
    const { words, flips, epsilons } = this;
    const chosen = flips?.[end];
    return html`
      <span class="choice">
        <select
          class="framed"
          aria-label=${name}
          ?disabled=${epsilons.length === 0}
          ?data-set=${flips !== null}
          @change=${(event: Event) => this.#choose(end, (event.target as HTMLSelectElement).value)}
        >
          <option value="" .selected=${chosen === undefined}>${words.flipsAny}</option>
          ${repeat(
            rangeEnds(epsilons, flips),
            (epsilon) => epsilon,
            (epsilon) => html`<option value=${epsilon} .selected=${epsilon === chosen}>
              ${epsilonText(epsilon, this.decimals)}
            </option>`,
          )}
        </select>
      </span>
    `;
  }

  #choose(end: 0 | 1, value: string): void {
    const { epsilons, flips } = this;
    const chosen = value === "" ? null : Number(value);
    this.store.select({
      flips: chosen === null ? null : rangeWith(flips, end, chosen, Math.max(...epsilons)),
    });
  }

  #clear(): void {
    this.store.select({ flips: null });
    // The button is about to go.
    this.renderRoot.querySelector("select")?.focus();
  }
}

customElements.define("fgsm-flip-range", FlipRange);
