import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Record, RequestError } from "../api";
import { grouped } from "../format";
import { columns, fitPicture, SPARKLESS } from "../layout";
import { arrange, namer, type Show, type Sort } from "../samples";
import type { Axis } from "../scale";
import { type Selection, SIZES } from "../state";
import type { RunView } from "../store";
import "./card";
import type { Card } from "./card";
import { gridStyle } from "./grid.style";
import { Nearby } from "./nearby";
import "./notice";
import { anyOf, cutName, data, Part } from "./part";
import { base, framed, name, range, spotted } from "./theme";

/** The properties that go to the cards without a part in how the grid itself looks. */
const PASSED_ON = new Set<PropertyKey>(["epsilon", "arrivals"]);
/** How many cards come into the document at a time as the reader scrolls on. */
const PAGE = 48;
/** How far beyond the viewport cards get their pictures ready. */
const NEAR = 250;
/** How far beyond the viewport the next cards come into the document. */
const PAGING = 1200;

/** The focused run's samples as cards, those that pass the filters in the wanted order. */
export class Grid extends Part {
  static override properties = {
    run: data,
    step: data,
    several: data,
    axis: data,
    epsilon: data,
    show: data,
    label: data,
    predicted: data,
    text: data,
    sort: data,
    held: data,
    size: data,
    arrivals: data,
    width: { state: true },
    pages: { state: true },
  };

  declare run: RunView;
  declare step: number | null;
  declare several: boolean;
  declare axis: Axis;
  declare epsilon: number;
  declare show: Show;
  declare label: number | null;
  declare predicted: number | null;
  declare text: string;
  declare sort: Sort;
  /** Whether cards keep their places, because epsilon is being dragged. */
  declare held: boolean;
  declare size: number;
  /** The version of the pictures: grows when one has come. */
  declare arrivals: number;
  declare width: number;
  declare pages: number;

  #positions: readonly number[] = [];
  /** The record that the positions are of. */
  #arranged: Record | null = null;
  #failed: RequestError | null = null;
  readonly #nearby = new Nearby<Card>(NEAR, (left) => this.#noteNear(left));
  readonly #ending = new Nearby<Element>(PAGING, () => this.#more());
  readonly #resizing = new ResizeObserver(() => {
    this.width = this.clientWidth;
  });

  static override styles = [base, framed, name, range, spotted, gridStyle];

  constructor() {
    super();
    this.width = 0;
    this.pages = 1;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizing.observe(this);
    // The scrolling element is the root, or its clip would hide what lies just beyond it.
    const root = this.closest("main");
    this.#nearby.start(root);
    this.#ending.start(root);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizing.disconnect();
    this.#nearby.stop();
    this.#ending.stop();
  }

  /** While epsilon moves or pictures come, only the cards near the viewport have to know. */
  override shouldUpdate(changed: PropertyValues): boolean {
    if ([...changed.keys()].some((property) => !PASSED_ON.has(property))) return true;
    if (this.#failed !== this.store.pictures.error) return true;
    for (const card of this.#nearby.near) this.#supply(card);
    return false;
  }

  override willUpdate(changed: PropertyValues): void {
    const before = changed.get("run") as RunView | undefined;
    const filtered = anyOf(changed, "show", "label", "predicted", "text", "sort");
    if (filtered || (before && before.name !== this.run.name)) this.pages = 1;
    if (!filtered && !anyOf(changed, "run", "held")) return;
    const { record, at } = this.run;
    if (this.held && !filtered && record === this.#arranged) return;
    this.#arranged = record;
    const named = namer(record, this.words.unnamedClass);
    this.#positions = record && at ? arrange(record, at.index, this, named) : [];
  }

  override render(): TemplateResult | typeof nothing {
    const { words } = this;
    const { record } = this.run;
    if (!record) return nothing;
    if (record.samples.length === 0) return html`<p class="message">${words.noSamples}</p>`;
    const { count, card } = columns(this.width, this.size);
    const { width, height, crisp } = fitPicture(record.picture, card, devicePixelRatio);
    const look = `--columns: ${count}; --width: ${width}px; --height: ${height}px;
      --rendering: ${crisp ? "pixelated" : "auto"}; --spark: ${card < SPARKLESS ? "none" : "block"}`;
    return html`
      ${this.#line(record.samples.length)} ${this.#failure()}
      ${
        this.#positions.length === 0
          ? this.#noHits()
          : html`<div class="cards" style=${look}>${this.#cards()}</div>`
      }
      <div class="end"></div>
    `;
  }

  override updated(): void {
    for (const card of this.#nearby.near) this.#supply(card);
    this.#nearby.watch(this.renderRoot.querySelectorAll<Card>("fgsm-card"));
    const end = this.renderRoot.querySelector(".end");
    // Watched anew, it tells again: the end may still be near after a page was added.
    this.#ending.watch([]);
    this.#ending.watch(end ? [end] : []);
    this.#want();
  }

  #cards(): unknown {
    const { record, at } = this.run;
    return repeat(
      this.#positions.slice(0, this.pages * PAGE),
      (position) => position,
      (position) => html`
        <fgsm-card
          .store=${this.store}
          .words=${this.words}
          .record=${record}
          .position=${position}
          .at=${at}
          .axis=${this.axis}
        ></fgsm-card>
      `,
    );
  }

  #line(all: number): TemplateResult {
    const { words, run } = this;
    return html`
      <div class="line">
        ${
          this.several
            ? html`<span class="spotted" style="--colour: var(${run.colour})" title=${run.name}
                >${cutName(run.name)}</span
              >`
            : nothing
        }
        <span>${words.samples(grouped(this.#positions.length), grouped(all))}</span>
        ${this.#standIn()}
        <span class="formula cut">${words.formula}</span>
        ${this.#sizeSlider()}
      </div>
    `;
  }

  #standIn(): TemplateResult | typeof nothing {
    const { step } = this.run;
    if (step === null || this.step === null || step >= this.step) return nothing;
    const [shown, wanted] = [grouped(step), grouped(this.step)];
    return html`<span class="formula" title=${this.words.nearestStep(shown, wanted)}
      >${this.words.atStep(shown)}</span
    >`;
  }

  #sizeSlider(): TemplateResult {
    const { least, most } = SIZES;
    return html`
      <label class="size">
        ${this.words.size}
        <input
          type="range"
          min=${least}
          max=${most}
          step="10"
          style="--fill: ${(100 * (this.size - least)) / (most - least)}%"
          .value=${String(this.size)}
          @input=${(event: Event) => {
            this.store.select({ size: Number((event.target as HTMLInputElement).value) });
          }}
        />
      </label>
    `;
  }

  #failure(): TemplateResult | typeof nothing {
    const { store } = this;
    const { error } = store.pictures;
    this.#failed = error;
    if (!error) return nothing;
    return html`<fgsm-notice .store=${store} .words=${this.words} .error=${error}></fgsm-notice>`;
  }

  #noHits(): TemplateResult {
    const everything: Partial<Selection> = { show: "all", label: null, predicted: null, text: "" };
    return html`
      <div class="message">
        ${this.words.noHits}
        <button class="framed" @click=${() => this.store.select(everything)}>
          ${this.words.showEverything}
        </button>
      </div>
    `;
  }

  #more(): void {
    const more = this.#ending.near.size > 0 && this.pages * PAGE < this.#positions.length;
    if (more) this.pages += 1;
  }

  /** Hands a card what changes often; cards far from the viewport do without. */
  #supply(card: Card): void {
    card.near = true;
    card.epsilon = this.epsilon;
    card.pair = this.store.pictures.peek(card.position);
  }

  #noteNear(left: readonly Card[]): void {
    for (const card of left) {
      card.near = false;
      card.pair = undefined;
    }
    for (const card of this.#nearby.near) this.#supply(card);
    this.#want();
  }

  #want(): void {
    // Until the observer has reported, nobody knows which cards are near.
    if (this.#nearby.near.size === 0 && this.#positions.length > 0) return;
    const order = new Map(this.#positions.map((position, place) => [position, place]));
    const wanted = [...this.#nearby.near].map((card) => card.position);
    this.store.pictures.want(wanted.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
  }
}

customElements.define("fgsm-grid", Grid);
