import { html, nothing, type TemplateResult } from "lit";
import type { Prediction, Record, Sample } from "../api";
import { epsilonText, per255, percent } from "../format";
import type { Pair } from "../pictures";
import { type Entries, NOISE, ORIGINAL, type Table } from "../pixels";
import { className, firstFlip, type SampleState, stateOf } from "../samples";
import type { Axis } from "../scale";
import type { Logged } from "../state";
import { cardStyle } from "./card.style";
import { standInHint } from "./numbers";
import { paint, tableAt } from "./paint";
import { anyOf, data, Part } from "./part";
import { spark, sparkPoints } from "./spark";
import { base } from "./theme";

type Kind = "original" | "noise" | "adversarial";

/** One sample: original + noise = adversarial, and what the model says of each. */
export class Card extends Part {
  static override properties = {
    record: data,
    position: data,
    at: data,
    axis: data,
    epsilon: data,
    near: data,
    pair: data,
  };

  declare record: Record;
  /** The sample's place in the record. */
  declare position: number;
  declare at: Logged;
  declare axis: Axis;
  declare epsilon: number;
  /** Whether the card is near the viewport; only then has it canvases. */
  declare near: boolean;
  declare pair: Pair | undefined;

  #points = "";

  static override styles = [base, cardStyle];

  constructor() {
    super();
    this.near = false;
    this.epsilon = 0;
  }

  get #sample(): Sample {
    return this.record.samples[this.position] as Sample;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (anyOf(changed, "record", "position", "axis")) {
      this.#points = sparkPoints(this.#sample, this.record.epsilons, this.axis);
    }
  }

  override render(): TemplateResult {
    const sample = this.#sample;
    const state = stateOf(sample, this.at.index);
    const now = sample.adversarial[this.at.index] ?? sample.clean;
    const label = this.#name(sample.label);
    return html`
      <article data-sample=${this.position} data-state=${state} aria-label=${label}>
        <header>
          <h3 class="cut" title=${label}>${label}</h3>
          <span class="pill">${this.#pill(sample, state)}</span>
          ${spark(this.#points, this.axis.place(this.epsilon), this.words.spark)}
        </header>
        <div class="row">
          ${this.#picture("original", sample.clean)}
          <span class="operator" aria-hidden="true">+</span>
          ${this.#picture("noise", sample.noise)}
          <span class="operator" aria-hidden="true">=</span>
          ${this.#picture("adversarial", now)}
        </div>
      </article>
    `;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const { pair, epsilon } = this;
    if (typeof pair !== "object") {
      const stale = this.renderRoot.querySelector<HTMLElement>("canvas[data-epsilon]");
      if (stale) delete stale.dataset["epsilon"];
      return;
    }
    const fresh = anyOf(changed, "pair", "near", "record", "position");
    if (fresh) {
      this.#paint("original", pair, ORIGINAL);
      this.#paint("noise", pair, NOISE);
    }
    if (fresh || changed.has("epsilon")) {
      const canvas = this.#paint("adversarial", pair, tableAt(epsilon));
      if (canvas) canvas.dataset["epsilon"] = String(epsilon);
    }
  }

  #paint(kind: Kind, entries: Entries, table: Table): HTMLCanvasElement | null {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas[data-kind="${kind}"]`);
    if (canvas) paint(canvas, entries, table);
    return canvas;
  }

  #name(number: number): string {
    return className(this.record, number) ?? this.words.unnamedClass(number);
  }

  /** The state in a sign and words; when the model breaks, if it does. */
  #pill(sample: Sample, state: SampleState): string {
    const { words, at, record, axis } = this;
    if (state === "wrong") return `– ${words.wrongWhenClean}`;
    const flip = firstFlip(sample);
    const epsilon = record.epsilons[flip];
    if (epsilon === undefined) return `✓ ${words.holds}`;
    const text = epsilonText(epsilon, axis.decimals);
    if (state === "flipped") return `✕ ${words.flipsAt(text)}`;
    return `✓ ${flip > at.index ? words.holdsUntil(text) : words.rightAgain(text)}`;
  }

  #picture(kind: Kind, prediction: Prediction): TemplateResult {
    const { words, at, axis } = this;
    const said = this.#name(prediction.classes[0]);
    const surety = percent(prediction.probabilities[0] ?? 0);
    const hint = kind === "adversarial" ? standInHint(at, axis, words) : null;
    return html`
      <figure class=${kind} ?data-stand-in=${hint !== null}>
        <div class="frame">
          ${this.#canvas(kind, said, surety)}
          ${kind === "adversarial" && typeof this.pair === "object" ? this.#save() : nothing}
        </div>
        <figcaption>
          <span class="said cut" title=${said}>${said}</span>
          <span class="surety">${surety}</span>
        </figcaption>
        ${
          kind === "noise"
            ? html`<p class="note" title=${words.noiseScale}>${words.noiseTag}</p>`
            : html`<p class="note" title=${hint ?? nothing}>${hint ? this.#standIn() : nothing}</p>`
        }
      </figure>
    `;
  }

  /** Whose predictions stand below the adversarial picture; on a line that is always there. */
  #standIn(): string {
    const { words, at, axis } = this;
    return at.index < 0 ? words.clean : words.at(epsilonText(at.epsilon, axis.decimals));
  }

  #canvas(kind: Kind, said: string, surety: string): TemplateResult | typeof nothing {
    const { words, pair, record } = this;
    if (!this.near) return nothing;
    if (typeof pair === "string") {
      const damaged = kind === (pair === "original" ? "original" : "noise");
      const sentence = pair === "original" ? words.damagedOriginal : words.damagedDirection;
      return damaged
        ? html`<p class="damage" role="note">${sentence}</p>`
        : html`<p class="damage"></p>`;
    }
    const { width, height } = record.picture;
    return html`
      <canvas
        data-kind=${kind}
        width=${width}
        height=${height}
        ?data-stale=${pair === undefined}
        role="img"
        aria-label=${words.picture(words[kind], this.#name(this.#sample.label), said, surety)}
      ></canvas>
    `;
  }

  #save(): TemplateResult {
    const { words, position, store } = this;
    return html`
      <a
        class="save"
        href=${store.pngAddress(position)}
        download="adversarial-${this.#sample.index}-${per255(this.epsilon)}-of-255.png"
        title=${words.saveHint}
        >↓ ${words.save}</a
      >
    `;
  }
}

customElements.define("fgsm-card", Card);
