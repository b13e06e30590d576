import { css, html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { decimal, epsilonText, per255, percent, shortDecimal } from "../model/format";
import { Memo } from "../model/memo";
import { medianFlip, partlyPictured } from "../model/samples";
import { robustAccuracy } from "../model/selection";
import type { RunView } from "../store";
import { DashboardElement, data } from "./element";
import { cutName, longName } from "./long-name";
import { epsilonStandIn } from "./stand-in";
import { base, spotted } from "./theme";

/** The panel beside the chart: epsilon in large, and the focused run's numbers at it. */
export class Numbers extends DashboardElement {
  static override properties = { epsilon: data, axis: data, blank: data, run: data, several: data };

  declare epsilon: number;
  declare axis: Axis;
  /** Whether nothing was read yet that has an epsilon. */
  declare blank: boolean;
  declare run: RunView | null;
  /** Whether there are other runs to tell this one from. */
  declare several: boolean;

  readonly #median = new Memo<number | null>();

  static override styles = [
    base,
    longName,
    spotted,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
      }
      .epsilon {
        display: flex;
        gap: 6px;
        align-items: baseline;
        margin-top: 8px;
        color: var(--muted);
        white-space: nowrap;
      }
      .epsilon b {
        color: var(--text);
        font-size: 24px;
        font-weight: 400;
        line-height: 30px;
        letter-spacing: -0.01em;
      }
      .epsilon .other {
        margin-left: 4px;
      }
      .spotted {
        margin-top: auto;
        margin-bottom: 5px;
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 5px 8px;
        margin: 0;
        line-height: 18px;
      }
      dl:not(.spotted + dl) {
        margin-top: auto;
      }
      dt {
        color: var(--muted);
        white-space: nowrap;
      }
      dd {
        margin: 0;
        text-align: right;
        white-space: nowrap;
      }
      .fallen {
        color: var(--flipped);
      }
      .stand-in {
        height: 20px;
        margin: 4px 0 0;
        white-space: nowrap;
      }
      .stand-in span {
        padding: 2px 7px;
        border-radius: 4px;
        background: var(--raised);
        font-size: 12px;
        cursor: help;
      }
    `,
  ];

  override render(): TemplateResult {
    const { words, run } = this;
    return html`
      <h2>${words.epsilon}</h2>
      ${this.#epsilon()}
      <p class="stand-in">${this.#standIn()}</p>
      ${
        run && this.several
          ? html`<div class="spotted" style="--colour: var(${run.colour})" title=${run.name}>
              ${cutName(run.name)}
            </div>`
          : nothing
      }
      ${this.#accuracies()}
    `;
  }

  /** Epsilon both ways, the one that the axis is in the larger. */
  #epsilon(): TemplateResult {
    const { epsilon, axis, blank } = this;
    if (blank) return html`<div class="epsilon"><b>–</b></div>`;
    return axis.decimals
      ? html`<div class="epsilon">
          <b>${shortDecimal(epsilon)}</b><span>= ${per255(epsilon)}/255</span>
        </div>`
      : html`<div class="epsilon">
          <b>${per255(epsilon)}</b><span>/255</span><span class="other">= ${decimal(epsilon)}</span>
        </div>`;
  }

  /** Between logged epsilons: whose predictions these are. */
  #standIn(): TemplateResult | typeof nothing {
    const { words, axis } = this;
    const at = this.run?.at;
    const hint = at && epsilonStandIn(at, axis, words);
    if (!hint) return nothing;
    const text =
      at.index < 0
        ? words.predictionsClean
        : words.predictionsAt(epsilonText(at.epsilon, axis.decimals));
    return html`<span title=${hint}>${text}</span>`;
  }

  #accuracies(): TemplateResult {
    const { words, axis } = this;
    const { record, at } = this.run ?? {};
    const robust = record && at ? robustAccuracy(record, at) : null;
    const fallen = record && robust !== null && robust < record.clean_accuracy;
    // Of thousands of samples it takes its time, and it is the same at every epsilon.
    const median = this.#median.get([record], () => (record ? medianFlip(record) : null));
    const hint =
      record && partlyPictured(record) ? words.medianFlipLoggedHint : words.medianFlipHint;
    const last = epsilonText(record?.epsilons.at(-1) ?? 0, axis.decimals);
    return html`
      <dl>
        <dt>${words.cleanAccuracy}</dt>
        <dd>${record ? percent(record.clean_accuracy) : "–"}</dd>
        <dt>${words.robustAccuracy}</dt>
        <dd class=${fallen ? "fallen" : ""}>${robust === null ? "–" : percent(robust)}</dd>
        ${this.#others()}
        <dt title=${hint}>${words.medianFlip}</dt>
        <dd>
          ${
            median === null
              ? "–"
              : Number.isFinite(median)
                ? epsilonText(median, axis.decimals)
                : `> ${last}`
          }
        </dd>
      </dl>
    `;
  }

  /** Further shares at this epsilon, where the record has them. */
  #others(): TemplateResult[] {
    const { words } = this;
    const { record, at } = this.run ?? {};
    if (!record || !at) return [];
    const { control_accuracy, reference_accuracy, success_rate, clean_accuracy, attack } = record;
    const rows = [
      [words.randomNoise, words.randomNoiseHint, control_accuracy, clean_accuracy],
      [words.plainFgsm, words.plainFgsmHint, reference_accuracy, clean_accuracy],
      [words.targetReached, words.targetReachedHint, attack.target && success_rate, 0],
    ] as const;
    return rows.flatMap(([name, hint, shares, clean]) =>
      shares
        ? [html`<dt title=${hint}>${name}</dt><dd>${percent(shares[at.index] ?? clean)}</dd>`]
        : [],
    );
  }
}

customElements.define("fgsm-numbers", Numbers);
