import { css, html, nothing, type TemplateResult } from "lit";
import { decimal, per255, percent } from "../format";
import { type Logged, medianFlip, robustAccuracy } from "../state";
import type { RunView } from "../store";
import type { Words } from "../words";
import { cutName, data, Part } from "./part";
import { base, name } from "./theme";

/** What to say where an epsilon's predictions are another's; null where they are its own. */
export function standInHint(at: Logged, words: Words): string | null {
  if (at.exact) return null;
  return at.index < 0 ? words.belowCleanHint : words.belowHint(per255(at.epsilon));
}

/** The panel beside the chart: epsilon in large, and the focused run's numbers at it. */
export class Numbers extends Part {
  static override properties = { epsilon: data, run: data, several: data };

  declare epsilon: number;
  declare run: RunView | null;
  /** Whether there are other runs to tell this one from. */
  declare several: boolean;

  static override styles = [
    base,
    name,
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
      .epsilon span + span {
        margin-left: 4px;
      }
      .run {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-top: auto;
        margin-bottom: 5px;
      }
      .run i {
        flex: none;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--colour);
      }
      dl {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 5px 8px;
        margin: 0;
        line-height: 18px;
      }
      .run + dl {
        margin-top: 0;
      }
      dl:not(.run + dl) {
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
      .robust {
        color: var(--flipped);
      }
      .stand-in {
        margin-left: 4px;
        padding: 1px 5px;
        border-radius: 4px;
        background: var(--raised);
        color: var(--text);
        font-size: 11px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { words, epsilon, run } = this;
    return html`
      <h2>${words.epsilon}</h2>
      <div class="epsilon">
        <b>${per255(epsilon)}</b><span>/255</span><span>= ${decimal(epsilon)}</span>
      </div>
      ${
        run && this.several
          ? html`<div class="run" style="--colour: ${run.colour}" title=${run.name}>
              <i></i>${cutName(run.name)}
            </div>`
          : nothing
      }
      ${this.#accuracies()}
    `;
  }

  #accuracies(): TemplateResult | typeof nothing {
    const { words, run } = this;
    if (!run?.record || !run.at) return nothing;
    const { record, at } = run;
    const hint = standInHint(at, words);
    const mark = hint
      ? html`<span class="stand-in" title=${hint}>${words.below(per255(at.epsilon))}</span>`
      : nothing;
    const median = medianFlip(record);
    return html`
      <dl>
        <dt>${words.cleanAccuracy}</dt>
        <dd>${percent(record.clean_accuracy)}</dd>
        <dt>${words.robustAccuracy} ${mark}</dt>
        <dd class="robust">${percent(robustAccuracy(record, at))}</dd>
        ${
          median === null
            ? nothing
            : html`<dt title=${words.medianFlipHint}>${words.medianFlip}</dt>
                <dd>
                  ${
                    Number.isFinite(median)
                      ? `${per255(median)} /255`
                      : `> ${per255(record.epsilons.at(-1) ?? 0)} /255`
                  }
                </dd>`
        }
      </dl>
    `;
  }
}

customElements.define("fgsm-numbers", Numbers);
