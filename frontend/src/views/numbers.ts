import { html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { decimal, epsilonText, grouped, per255, percent, shortDecimal } from "../model/format";
import { between } from "../model/interval";
import { Memo } from "../model/memo";
import { medianFlip, partlyPictured } from "../model/samples";
import { robustAccuracy } from "../model/selection";
import type { RunView } from "../store";
import { Announcer } from "./announcer";
import { climbLine, climbShort, climbStyle, climbText } from "./climb";
import { DashboardElement, data } from "./element";
import { cutName, longName } from "./long-name";
import { numbersStyle } from "./numbers.style";
import "./play";
import { epsilonStandIn } from "./stand-in";
import "./term";
import { base, spotted, unseen } from "./theme";
import { verdict } from "./verdict";

/** The panel beside the chart: epsilon in large, and the focused run's numbers at it. */
export class Numbers extends DashboardElement {
  static override properties = {
    epsilon: data,
    axis: data,
    blank: data,
    run: data,
    several: data,
  };

  declare epsilon: number;
  declare axis: Axis;
  /** Whether nothing was read yet that has an epsilon. */
  declare blank: boolean;
  declare run: RunView | null;
  /** Whether there are other runs to tell this one from. */
  declare several: boolean;

  readonly #median = new Memo<number | null>();
  readonly #announcer = new Announcer(this);

  static override styles = [base, longName, spotted, unseen, climbStyle, numbersStyle];

  override render(): TemplateResult {
    const { words, run } = this;
    return html`
      <h2>
        <fgsm-term .text=${words.epsilon} .hint=${words.helpTerms[0]?.[1] ?? ""}></fgsm-term>
      </h2>
      ${this.#epsilon()}
      <div class="room"><span></span><p>${this.#standIn()}${this.#sentence()}</p><p>${this.#alignmentSays()}</p></div>
      ${
        run && this.several
          ? html`<div
              class="spotted"
              data-mark=${run.mark}
              style="--colour: var(${run.colour})"
              title=${run.name}
            >
              ${cutName(run.short, run.name)}
            </div>`
          : nothing
      }
      ${this.#accuracies()}
      <p class="unseen" role="status">${this.#announcer.told}</p>
    `;
  }

  override updated(): void {
    this.#announcer.hear(this.#sentence());
  }

  /** Epsilon both ways, the one that the axis is in the larger. */
  #epsilon(): TemplateResult {
    const { epsilon, axis, blank, store, words } = this;
    if (blank) return html`<div class="epsilon"><b>–</b></div>`;
    const play = html`<fgsm-play what="epsilon" .store=${store} .words=${words}></fgsm-play>`;
    return axis.decimals
      ? html`<div class="epsilon">
          <b>${shortDecimal(epsilon)}</b><span>= ${per255(epsilon)}/255</span>${play}
        </div>`
      : html`<div class="epsilon">
          <b>${per255(epsilon)}</b><span>/255</span><span class="other">= ${decimal(epsilon)}</span
          >${play}
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
    return html`<span class="stand-in" title=${hint}>${text}</span>`;
  }

  /** What the numbers say, in a sentence. */
  #sentence(): string {
    const { record, at } = this.run ?? {};
    return record && at ? verdict(record, at, this.axis, this.words) : "";
  }

  /** The mean alignment at the epsilon whose numbers are told; null where there is none. */
  get #alignment(): number | null {
    const { record, at } = this.run ?? {};
    return (record && at && record.alignment?.[at.index]) ?? null;
  }

  /** Whether the robust accuracy is to be believed, in a sentence. */
  #alignmentSays(): string {
    const alignment = this.#alignment;
    const epsilon = this.run?.at?.epsilon ?? 0;
    return alignment === null || epsilon === 0 ? "" : this.words.alignmentSays(alignment);
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
        <div>
          <dt>${words.cleanAccuracy}</dt>
          <dd>${record ? percent(record.clean_accuracy) : "–"}</dd>
        </div>
        <div>
          ${this.#name(words.robustAccuracy, words.robustAccuracyHint)}
          <dd class=${fallen ? "fallen" : ""}>${robust === null ? "–" : percent(robust)}</dd>
        </div>
        ${this.#others()}${this.#climb()}${this.#believed()}
        <div>
          ${this.#name(words.medianFlip, hint)}
          <dd>
            ${
              median === null
                ? "–"
                : Number.isFinite(median)
                  ? epsilonText(median, axis.decimals)
                  : `> ${last}`
            }
          </dd>
        </div>
      </dl>
    `;
  }

  /** How the loss went along the attack's steps at this epsilon: small, with a tip that tells it. */
  #climb(): TemplateResult | typeof nothing {
    const { words } = this;
    const { record, at } = this.run ?? {};
    const losses = at && record?.climb?.losses[at.index];
    const right = at && record?.climb?.right[at.index];
    if (!record || !losses || !right || at.epsilon === 0) return nothing;
    const shares = right.map((count) => count / record.count);
    const says = words.climbRight(percent(shares[0] ?? 0), percent(shares.at(-1) ?? 0));
    const hint = [climbText(record.attack.name, losses, words), says, words.climbHint].join(". ");
    return html`<div>
      ${this.#name(words.climb, hint)}
      <dd class="climb">${climbLine(losses, 32, 12, shares, says)}<span>${climbShort(losses, words)}</span></dd>
    </div>`;
  }

  #name(name: string, hint: string): TemplateResult {
    return html`<dt><fgsm-term .text=${name} .hint=${hint}></fgsm-term></dt>`;
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
        ? [
            html`<div>
              ${this.#name(name, hint)}
              <dd>${percent(shares[at.index] ?? clean)}</dd>
            </div>`,
          ]
        : [],
    );
  }

  /** What a stronger attack leaves of a few samples, and how straight the loss is. */
  #believed(): TemplateResult[] {
    const { words } = this;
    const { record, at } = this.run ?? {};
    const rows: (readonly [name: string, hint: string, value: string])[] = [];
    const { check } = record ?? {};
    const held = at && check?.held[at.index];
    if (check && held !== undefined) {
      const share = (held ?? 0) / check.count;
      const sure = between(share, check.count);
      const hint = words.strongerHint(check.name, grouped(check.count), sure);
      rows.push([words.stronger, hint, percent(share)]);
    }
    const alignment = this.#alignment;
    if (alignment !== null) {
      rows.push([words.gradientAlignment, words.gradientAlignmentHint, alignment.toFixed(2)]);
    }
    return rows.map(
      ([name, hint, value]) => html`<div>${this.#name(name, hint)}<dd>${value}</dd></div>`,
    );
  }
}

customElements.define("fgsm-numbers", Numbers);
