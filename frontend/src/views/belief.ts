import { html, nothing, svg, type TemplateResult } from "lit";
import { DASHES } from "../model/comparisons";
import { epsilonText } from "../model/format";
import { type Belief, pathOf } from "../model/training";
import { beliefStyle } from "./belief.style";
import { DashboardElement, data } from "./element";
import { base } from "./theme";

/**
 * Whether one may believe the accuracies, over the training: a line each for what the attack leaves,
 * what a stronger one leaves of it, and how straight the loss is; a mark where the training has
 * overfitted.
 */
export class BeliefLines extends DashboardElement {
  static override properties = { belief: data, epsilon: data, decimals: data, colour: data };

  declare belief: Belief;
  declare epsilon: number;
  declare decimals: boolean;
  /** The name of the run's colour. */
  declare colour: string;

  static override styles = [base, beliefStyle];

  override render(): TemplateResult {
    const { belief, words, colour } = this;
    const { robust, stronger, alignment, overfitted } = belief;
    const width = robust.length;
    const told = (line: readonly (number | null)[]) => line.some((share) => share !== null);
    const kinds = [
      ["robust", words.robustAccuracy, robust, ""],
      ["stronger", words.stronger, stronger, DASHES.stronger.join(" ")],
      ["alignment", words.gradientAlignment, alignment, DASHES.plainFgsm.join(" ")],
    ] as const;
    const drawn = kinds.filter(([, , line]) => told(line));
    return html`
      <p style="--colour: var(${colour})">
        <span>ε = ${epsilonText(this.epsilon, this.decimals)}</span>
        ${drawn.map(
          ([kind, name, , dash]) => html`<span
            ><svg aria-hidden="true" viewBox="0 0 22 8">
              <path class=${kind} d="M0 4h22" stroke-dasharray=${dash || nothing} /></svg
            >${name}</span
          >`,
        )}
        ${overfitted.length > 0 ? html`<span>▼ ${words.caveat("catastrophic-overfitting")}</span>` : nothing}
      </p>
      <div class="lines" style="--colour: var(${colour})">
        <svg aria-hidden="true" viewBox="0 0 ${width} 1" preserveAspectRatio="none">
          ${drawn.map(
            ([kind, , line, dash]) =>
              svg`<path class=${kind} d=${pathOf(line)} stroke-dasharray=${dash || nothing} />`,
          )}
        </svg>
        ${overfitted.map(
          (column) => html`<span
            class="mark"
            aria-hidden="true"
            style="left: ${(100 * (column + 0.5)) / width}%"
            >▼</span
          >`,
        )}
      </div>
    `;
  }
}

customElements.define("fgsm-belief", BeliefLines);
