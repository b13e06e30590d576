import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Axis } from "../model/axis";
import { FURNITURE, GAP, type Layout, lay, type Rows, SPARKLESS } from "../model/layout";
import type { Record } from "../model/record";
import type { Failure } from "../model/run";
import { arrange, EVERYTHING } from "../model/samples";
import type { NoiseScale, Shape } from "../model/selection";
import { Slots } from "../model/slots";
import type { RunView } from "../store";
import { captions, captionsStyle } from "./captions";
import "./card";
import type { Card } from "./card";
import { gridStyle } from "./grid.style";
import type { Kept } from "./kept";
import { noHits } from "./no-hits";
import "./notice";
import { Memo } from "../model/memo";
import { anyOf, data, measured } from "./element";
import { FilteredElement } from "./filtered";
import { neighbour } from "./roving";
import { Sight } from "./sight";
import { stepStandIn } from "./stand-in";
import { base, framed } from "./theme";
import "./toolbar";
import type { Toolbar } from "./toolbar";

/** The properties that go to the cards without a part in which cards there are. */
const PASSED_ON = new Set<PropertyKey>(["epsilon", "arrivals"]);

const FILTERS = [...["show", "label", "predicted", "text", "flips", "sort", "reversed"]] as const;

/** The focused run's samples as cards: of all that pass the filters, those in sight. */
export class Grid extends FilteredElement {
  static override properties = {
    run: data,
    step: data,
    several: data,
    axis: data,
    epsilon: data,
    shape: data,
    noise: data,
    size: data,
    trueSize: data,
    kept: data,
    arrivals: data,
    width: { state: true },
    rows: measured,
  };

  declare run: RunView;
  declare step: number | null;
  declare several: boolean;
  declare axis: Axis;
  declare epsilon: number;
  declare shape: Shape;
  declare noise: NoiseScale;
  declare size: number;
  declare trueSize: boolean;
  /** The sample in sight, for the grid of another run. */
  declare kept: Kept;
  /** The version of the pictures: grows when one has come. */
  declare arrivals: number;
  declare width: number;
  /** The rows that are in the document. */
  declare rows: Rows;

  #positions: readonly number[] = [];
  /** The record that the positions are of. */
  #arranged: Record | null = null;
  #layout: Layout | null = null;
  #failed: Failure | null = null;
  /** The places that have cards in the document, and which card each has. */
  #places: readonly number[] = [];
  readonly #slots = new Slots();
  /** The rows in sight. */
  #seen: Rows = { from: 0, to: 0 };
  readonly #standInMemo = new Memo<readonly [string, string] | null>();
  readonly #sight = new Sight(this, () => this.#look());

  static override styles = [base, framed, captionsStyle, gridStyle];

  constructor() {
    super();
    this.width = 0;
    this.rows = { from: 0, to: 0 };
  }

  get #cards(): NodeListOf<Card> {
    return this.renderRoot.querySelectorAll<Card>("fgsm-card");
  }

  /** While epsilon moves or pictures come, only the cards in sight have to know. */
  override shouldUpdate(changed: PropertyValues): boolean {
    // Nothing has changed, and yet it is to be rendered: the focus is elsewhere.
    if (changed.size === 0) return true;
    if ([...changed.keys()].some((property) => !PASSED_ON.has(property))) return true;
    if (this.#failed !== this.store.pictures.error) return true;
    this.#supply();
    const toolbar = this.renderRoot.querySelector<Toolbar>("fgsm-toolbar");
    if (toolbar) toolbar.epsilon = this.epsilon;
    return false;
  }

  override willUpdate(changed: PropertyValues): void {
    this.#arrange(changed);
    const { record } = this.run;
    if (!record || this.width === 0) return;
    const before = this.#layout;
    this.#layout = lay(record.picture, this.width, {
      shape: this.shape,
      size: this.size,
      trueSize: this.trueSize,
      length: 1 + record.epsilons.filter((epsilon) => epsilon > 0).length,
      ratio: devicePixelRatio,
    });
    const { columns, height } = this.#layout;
    if (before && JSON.stringify(before) !== JSON.stringify(this.#layout)) {
      this.#sight.goal ??= "anchor";
      if (before.columns !== columns) this.#slots.clear();
    }
    const pitch = height + FURNITURE[this.shape] + GAP;
    this.#sight.lines = { count: this.#positions.length, columns, pitch };
    this.rows = this.#sight.near;
  }

  override render(): TemplateResult | typeof nothing {
    const { words } = this;
    const { record } = this.run;
    if (!record) return nothing;
    if (record.samples.length === 0) return html`<p class="message">${words.noSamples}</p>`;
    return html`
      <fgsm-toolbar
        .store=${this.store}
        .words=${words}
        .run=${this.run}
        .several=${this.several}
        .shown=${this.#positions.length}
        .standIn=${this.#standIn()}
        .epsilon=${this.epsilon}
        .shape=${this.shape}
        .noise=${this.noise}
        .size=${this.size}
        .trueSize=${this.trueSize}
      ></fgsm-toolbar>
      ${this.#failure()} ${this.#positions.length === 0 ? this.#noHits(record) : this.#grid()}
    `;
  }

  override updated(): void {
    this.#sight.scroll(this.kept);
    // The layout may be another now, or the grid elsewhere in the page.
    this.rows = this.#sight.near;
    this.#seen = this.#sight.seen;
    this.#supply();
    this.#want();
  }

  #arrange(changed: PropertyValues): void {
    const before = changed.get("run") as RunView | undefined;
    const filtered = anyOf(changed, ...FILTERS);
    const other = this.#arranged === null || (before && before.name !== this.run.name);
    if (filtered && this.#arranged) this.#sight.goal = "top";
    if (!filtered && !anyOf(changed, "run", "held")) return;
    const { record, at } = this.run;
    if (this.held && !filtered && record === this.#arranged) return;
    this.#arranged = record;
    this.#positions = record && at ? arrange(record, at.index, this, this.words.unnamedClass) : [];
    if (filtered || other) this.#sight.focused = null;
    if (other && record && this.#sight.goal !== "top") this.#find(record);
  }

  /** Of another run, what was in sight stays so, recognised by its pixels; else it begins at the top. */
  #find({ samples }: Record): void {
    const { sample } = this.kept;
    if (sample === null) return;
    const place = this.#positions.findIndex((at) => samples[at]?.checksums[0] === sample);
    this.#sight.goal = place < 0 ? "top" : "kept";
    this.#sight.anchor = Math.max(0, place);
  }

  #grid(): TemplateResult | typeof nothing {
    const layout = this.#layout;
    if (!layout) return nothing;
    const { columns, card, width, height, place, crisp } = layout;
    const { record, at } = this.run;
    const standIn = this.#standIn();
    const { pitch } = this.#sight.lines;
    this.#places = this.#sight.places(this.rows);
    this.#slots.show(this.#places);
    const look = `height: ${this.#sight.height}px; --card: ${card}px;
      --width: ${width}px; --height: ${height}px; --place: ${place}px;
      --rendering: ${crisp ? "pixelated" : "auto"}; --spark: ${card < SPARKLESS ? "none" : "block"}`;
    return html`
      ${
        record && this.shape === "triplet"
          ? captions(record, layout, this.#positions.length, this.noise, this.words)
          : nothing
      }
      <div
        class="cards"
        @focusin=${this.#sight.focusIn}
        @keydown=${this.#key}
        @focusout=${this.#sight.focusOut}
        role="list" aria-label=${this.words.cards} style=${look} data-shape=${this.shape}>
        ${repeat(
          this.#places,
          (each) => this.#slots.slot(each),
          (each) => html`
            <fgsm-card
              role="listitem"
              aria-setsize=${this.#positions.length}
              aria-posinset=${each + 1}
              data-place=${each}
              style="top: ${Math.floor(each / columns) * pitch}px; left: ${(each % columns) * (card + GAP)}px"
              .store=${this.store}
              .words=${this.words}
              .record=${record}
              .position=${this.#positions[each]}
              .at=${at}
              .axis=${this.axis}
              .shape=${this.shape}
              .noise=${this.noise}
              .standIn=${standIn}
              .tabbed=${each === this.#tabbed}
            ></fgsm-card>
          `,
        )}
      </div>
    `;
  }

  /** The place of the one card that Tab goes to: the last that had the focus, or the first in sight. */
  get #tabbed(): number {
    const { last } = this.#sight;
    return this.#places.includes(last) ? last : this.#sight.firstSeen;
  }

  readonly #key = (event: KeyboardEvent) => {
    const { focused, lines, seen } = this.#sight;
    if (focused === null || event.defaultPrevented) return;
    const page = Math.max(1, seen.to - seen.from - 1);
    const place = neighbour(event, focused, lines, page);
    if (place !== null) void this.focusPlace(place);
  };

  /** Has the card of a sample take the focus, or the nearest to where it was. */
  async focusSample(position: number | null): Promise<void> {
    const place = position === null ? -1 : this.#positions.indexOf(position);
    await this.focusPlace(
      place >= 0 ? place : Math.min(this.#sight.last, this.#positions.length - 1),
    );
  }

  /** Has the card at a place take the focus, in sight. */
  async focusPlace(place: number): Promise<void> {
    if (place < 0 || place >= this.#positions.length) return;
    this.#sight.focused = place;
    this.#sight.last = place;
    this.requestUpdate();
    await this.updateComplete;
    const card = [...this.#cards].find((each) => each.dataset["place"] === String(place));
    await card?.updateComplete;
    card?.focusTitle();
  }

  /** The step shown, where it is not the one asked for: the same object while it says the same. */
  #standIn(): readonly [string, string] | null {
    const [step, wanted, words] = [this.run.step, this.step, this.words];
    return this.#standInMemo.get([step, wanted, words], () => stepStandIn(step, wanted, words));
  }

  #failure(): TemplateResult | typeof nothing {
    const { store } = this;
    const { error } = store.pictures;
    this.#failed = error;
    if (!error) return nothing;
    return html`<fgsm-notice .store=${store} .words=${this.words} .error=${error}></fgsm-notice>`;
  }

  #noHits(record: Record): TemplateResult {
    return noHits(record, this.run.at?.index ?? -1, this, this.words, () =>
      this.store.select(EVERYTHING),
    );
  }

  /** Looks which rows are in sight now. */
  #look(): void {
    this.width = this.clientWidth;
    if (!this.hasUpdated || this.#sight.goal) return;
    const spot = this.#layout && this.#sight.look();
    if (spot) {
      const sample = this.run.record?.samples[this.#positions[spot.place] ?? -1];
      // Above the cards there is nothing to keep.
      this.kept.sample = spot.within ? (sample?.checksums[0] ?? null) : null;
      this.kept.offset = spot.offset;
    }
    const { from, to } = this.#sight.near;
    this.#seen = this.#sight.seen;
    if (from !== this.rows.from || to !== this.rows.to) this.rows = { from, to };
    else this.#supply();
  }

  /** Hands the cards what changes often; while epsilon is dragged, only to those in sight. */
  #supply(): void {
    const { columns } = this.#layout ?? { columns: 1 };
    const seen = this.held ? this.#seen : this.rows;
    for (const [i, card] of this.#cards.entries()) {
      const row = Math.floor((this.#places[i] ?? 0) / columns);
      card.decoded = this.store.pictures.peek(card.position);
      if ((row >= seen.from && row < seen.to) || !this.held) card.epsilon = this.epsilon;
    }
  }

  /** Asks for the pictures of the cards in sight, and then of those around them. */
  #want(): void {
    const { columns } = this.#layout ?? { columns: 1 };
    if (this.width === 0) return;
    const between = ({ from, to }: Rows) => this.#positions.slice(from * columns, to * columns);
    const focused = this.#sight.focusedPlaces.map((at) => this.#positions[at] as number);
    this.store.pictures.want([
      ...new Set([...between(this.#seen), ...between(this.rows), ...focused]),
    ]);
  }
}

customElements.define("fgsm-grid", Grid);
