import { html, nothing, type TemplateResult } from "lit";
import { grouped } from "../model/format";
import { DashboardElement, data } from "./element";
import "./play";
import { stepsStyle } from "./steps.style";
import { base, range } from "./theme";

/** The step slider, over the steps of all drawn runs; for a single step just its number. */
export class Steps extends DashboardElement {
  static override properties = {
    steps: data,
    step: data,
    columns: { type: Boolean, reflect: true },
  };

  declare steps: readonly number[];
  declare step: number | null;
  /** Whether each step has a column above, under whose middle the thumb is to stand. */
  declare columns: boolean;

  static override styles = [base, range, stepsStyle];

  override render(): TemplateResult {
    const { words, steps } = this;
    const { store } = this;
    const label = html`<span class="label"
      >${
        steps.length < 2
          ? nothing
          : html`<fgsm-play what="step" .store=${store} .words=${words}></fgsm-play>`
      }${words.step}</span
    >`;
    const text = this.step === null ? "" : grouped(this.step);
    if (steps.length < 2) return html`${label}<output class="single">${text}</output>`;
    const place = steps.indexOf(this.step ?? Number.NaN);
    const fill = (100 * place) / (steps.length - 1);
    // Half a column; the columns lie between the ends that the thumb reaches, 14 px wide.
    const inset = this.columns ? `calc((100% - 14px) / ${2 * steps.length})` : "0px";
    const widest = Math.max(...steps.map((step) => grouped(step).length)) + 1;
    return html`
      ${label}
      <input
        type="range"
        min="0"
        max=${steps.length - 1}
        step="1"
        aria-label=${words.step}
        aria-valuetext=${text}
        style="--fill: ${fill}%; --inset: ${inset}"
        .value=${String(place)}
        @input=${this.#move}
      />
      ${this.columns ? nothing : html`<output style="--widest: ${widest}ch">${text}</output>`}
    `;
  }

  #move(event: Event): void {
    const step = this.steps[Number((event.target as HTMLInputElement).value)];
    if (step !== undefined) this.store.select({ step });
  }
}

customElements.define("fgsm-steps", Steps);
