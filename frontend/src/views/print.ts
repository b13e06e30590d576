import { html, nothing, type TemplateResult } from "lit";
import { grouped, percent, setting } from "../model/format";
import type { Record } from "../model/record";
import type { NoiseScale } from "../model/selection";
import type { RunView } from "../store";
import "./foot";
import { picturedText } from "./coverage";
import { DashboardElement, data } from "./element";
import { printStyle } from "./print.style";
import { base, small } from "./theme";

/** From this share on, gradient elements without a direction are worth a line. */
const NOTABLE = 0.001;

/** The small print: what attack this is, and what of it one sees. */
export class Print extends DashboardElement {
  static override properties = { run: data, most: data, noise: data };

  declare run: RunView | null;
  /** How many steps TensorBoard keeps of a tag; 0 means all. */
  declare most: number;
  declare noise: NoiseScale;

  static override styles = [base, small, printStyle];

  override render(): TemplateResult {
    const { store, words } = this;
    return html`
      ${this.#facts()}
      <fgsm-foot .store=${store} .words=${words}></fgsm-foot>
    `;
  }

  #facts(): TemplateResult | typeof nothing {
    const { words, run } = this;
    const record = run?.record;
    if (!record) return nothing;
    const { attack, gradient, picture, pictures, samples, logged } = record;
    const pictured = picturedText(record, words);
    const zero = gradient.zero / gradient.elements;
    const nonfinite = gradient.nonfinite / gradient.elements;
    const lines: (string | false)[] = [
      this.#attack(record),
      !attack.surrogate && pictures !== "each" && (words.helpTerms[4]?.join(": ") ?? false),
      attack.own_labels === true && words.ownLabels,
      attack.one_logit === true && words.oneLogit,
      samples.length > 0 &&
        (this.noise === null ? words.noiseFills : words.noiseTimes(String(this.noise))),
      samples.length > 0 && (attack.quantize ? words.quantized : words.unquantized),
      picture.channels !== 1 &&
        picture.channels !== 3 &&
        words.channels(picture.channels, picture.channels < 3 ? 1 : 3),
      pictured?.text ?? false,
      pictured !== null && samples.length > 0 && (attack.refine ?? 0) > 0 && words.flipsPictured,
      zero >= NOTABLE && words.zeroGradient(percent(zero)),
      nonfinite > 0 && words.nonfiniteGradient(percent(nonfinite)),
      words.upperBound,
    ];
    return html`<details>
      <summary>${this.#short(record)} <span aria-hidden="true">ⓘ</span></summary>
      ${lines.map((line) => {
        const hint = line === pictured?.text ? (pictured?.hint ?? nothing) : nothing;
        return line ? html`<p title=${hint}>${line}</p>` : nothing;
      })}
      <p>
        ${run.step === null ? nothing : html`${words.atStep(grouped(run.step))} · `}${this.#kept(
          run.keptSteps,
          Math.max(logged, run.keptSteps),
          run.newest,
        )}
      </p>
    </details>`;
  }

  /** The small print in a line; a click has the rest. */
  #short({ attack, pictures }: Record): string {
    const { words } = this;
    const box = attack.surrogate
      ? [words.transferShort]
      : pictures === "each"
        ? []
        : [words.whiteBox];
    return [attack.name, ...box, words.upperBoundShort].join(" · ");
  }

  /** The attack in one line: where its gradient comes from and what it aims at, or its settings. */
  #attack({ attack, pictures }: Record): string {
    const { words } = this;
    const settings = Object.entries(attack.settings ?? {}).map(
      ([name, value]) => `${name} ${setting(value)}`,
    );
    if (pictures === "each") return [attack.name, ...settings].join(" · ");
    const { name, loss, surrogate, target } = attack;
    const box = surrogate ? words.transfer(surrogate) : words.whiteBox;
    const aims = {
      class: words.targetClass,
      labels: words.targetLabels,
      "least-likely": words.targetLeast,
    };
    const aim = target ? [aims[target]] : [];
    return [name, ...aim, words.loss(loss), box, ...settings].join(" · ");
  }

  /**
   * How many steps TensorBoard has kept, and how to have it keep all. A training that was restarted
   * counts its steps anew: it has logged at least as many as are kept.
   */
  #kept(kept: number, logged: number, newest: boolean): TemplateResult | string {
    const { words, most } = this;
    const sentence = newest ? words.stepsKept : words.stepsKeptHere;
    const text = sentence(grouped(kept), grouped(logged));
    if (most === 0 || kept >= logged) return text;
    // How many there are after this step, this step does not know: 0 keeps any number.
    const flag = `--samples_per_plugin fgsm=${newest ? logged : 0}`;
    const [before = "", after = ""] = words.keepsAll("\n").split("\n");
    return html`${text}; ${before}<code>${flag}</code>${after}`;
  }
}

customElements.define("fgsm-print", Print);
