import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Arrangement } from "../model/arrangement";
import type { Axis } from "../model/axis";
import { placesBeside, wantedBeside } from "../model/beside";
import type { Contest } from "../model/contest";
import { FURNITURE, GAP, type Layout, lay, lengthOf, type Rows, SPARKLESS } from "../model/layout";
import type { Record } from "../model/record";
import type { Failure } from "../model/run";
import { EVERYTHING } from "../model/samples";
import type { Against, NoiseScale, Shape } from "../model/selection";
import type { Side } from "../model/sides";
import { Slots } from "../model/slots";
import type { RunView } from "../store";
import { captions, captionsStyle } from "./captions";
import type { Card } from "./card";
import type { Comparison } from "./comparison";
import { gridStyle } from "./grid.style";
import type { Kept } from "./kept";
import { noHits } from "./no-hits";
import "./notice";
import { Memo } from "../model/memo";
import { dealt, isComparison } from "./dealt";
import { anyOf, data, measured } from "./element";
import { FilteredElement } from "./filtered";
import { Resting } from "./resting";
import { Roving } from "./roving";
import { Sight } from "./sight";
import { stepStandIn } from "./stand-in";
import { base, framed } from "./theme";
import type { Toolbar } from "./toolbar";
import { trouble } from "./trouble";

/** The properties that go to the cards without a part in which cards there are. */
const PASSED_ON = new Set<PropertyKey>(["epsilon", "arrivals"]);

const FILTERS = [
  ...["show", "label", "predicted", "text", "flips", "disagree", "sort", "reversed"],
] as const;

const NO_SIDES: readonly Side[] = [];

/** The focused run's samples as cards: of all that pass the filters, those in sight. */
export class Grid extends FilteredElement {
  static override properties = {
    run: data,
    runs: data,
    sides: data,
    stages: data,
    ownSteps: data,
    against: data,
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
  declare runs: readonly RunView[];
  /** What the samples are compared with, and the steps over which they are followed. */
  declare sides: readonly Side[];
  declare stages: readonly Side[];
  declare ownSteps: readonly number[];
  declare against: Against;
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

  readonly #arrangement = new Arrangement();
  #layout: Layout | null = null;
  #failed: Failure | null = null;
  /** The places that have cards in the document, and which card each has. */
  #places: readonly number[] = [];
  readonly #slots = new Slots();
  /** Whether the cards stay where they lie in the document, whatever they show. */
  #keeping = false;
  /** The rows in sight. */
  #seen: Rows = { from: 0, to: 0 };
  readonly #standInMemo = new Memo<readonly [string, string] | null>();
  readonly #sight = new Sight(this, () => this.#look());
  readonly #roving = new Roving(this, this.#sight);
  readonly #resting = new Resting(this, this.#sight, this.#slots);

  static override styles = [base, framed, captionsStyle, gridStyle];

  constructor() {
    super();
    this.width = 0;
    this.rows = { from: 0, to: 0 };
  }

  get #cards(): NodeListOf<Card | Comparison> {
    return this.renderRoot.querySelectorAll<Card | Comparison>("[data-place]");
  }

  /** What the samples have beside them in this shape. */
  get #sides(): readonly Side[] {
    if (this.shape === "time") return this.stages;
    return this.shape === "compare" ? this.sides : NO_SIDES;
  }

  /** Who is right on what among the compared sides: the same object between two logged epsilons. */
  #judged(): Contest | null {
    return this.#arrangement.judge(this.shape === "compare" ? this.sides : null, this.epsilon);
  }

  /** While epsilon moves or pictures come, only the cards in sight have to know. */
  override shouldUpdate(changed: PropertyValues): boolean {
    // Nothing has changed, and yet it is to be rendered: the focus is elsewhere.
    if (changed.size === 0) return true;
    if ([...changed.keys()].some((property) => !PASSED_ON.has(property))) return true;
    if (this.#failed !== this.store.pictures.error) return true;
    if (this.#judged() !== this.#arrangement.contest) return true;
    this.#supply();
    const toolbar = this.renderRoot.querySelector<Toolbar>("fgsm-toolbar");
    if (toolbar) toolbar.epsilon = this.epsilon;
    return false;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!this.hasUpdated) this.#look();
    const scrolled = justScrolled(changed);
    if (!scrolled) this.#sight.forget();
    // To move the card that has the focus would take the focus from it: at rest all others are.
    this.#keeping = scrolled || (this.#sight.focused !== null && !this.#slots.sorted);
    this.#arrange(changed);
    const { record } = this.run;
    if (!record || this.width === 0) return;
    const before = this.#layout;
    this.#layout = lay(record.picture, this.width, {
      shape: this.shape,
      size: this.size,
      trueSize: this.trueSize,
      length: lengthOf(this.shape, record.epsilons, this.#sides.length),
      ratio: devicePixelRatio,
    });
    const { columns, height } = this.#layout;
    if (!before) this.#sight.guess();
    else if (JSON.stringify(before) !== JSON.stringify(this.#layout)) {
      this.#sight.goal ??= "anchor";
      if (before.columns !== columns) this.#slots.clear();
    }
    const pitch = height + FURNITURE[this.shape] + GAP;
    this.#sight.lines = { count: this.#arrangement.positions.length, columns, pitch };
    this.rows = this.#sight.near;
  }

  override render(): TemplateResult | typeof nothing {
    const { record } = this.run;
    if (!record) return nothing;
    if (record.samples.length === 0) return html`<p class="message">${this.words.noSamples}</p>`;
    const found = this.#trouble();
    return html`
      <fgsm-toolbar
        .store=${this.store}
        .words=${this.words}
        .run=${this.run}
        .several=${this.several}
        .shown=${found === null ? this.#arrangement.positions.length : null}
        .standIn=${this.#standIn()}
        .epsilon=${this.epsilon}
        .shape=${this.shape}
        .noise=${this.noise}
        .size=${this.size}
        .trueSize=${this.trueSize}
      ></fgsm-toolbar>
      ${this.#failure()} ${this.#body(record, found)}
    `;
  }

  /** The cards, below what is said of all of them; or why there are none. */
  #body(record: Record, found: string | null): TemplateResult {
    const { shape } = this;
    if (shape === "time" && found !== null) return html`<p class="message">${found}</p>`;
    const none = this.#arrangement.positions.length === 0;
    const cards = found === null ? (none ? this.#noHits(record) : this.#grid()) : nothing;
    return html`${shape === "compare" ? this.#bar(found) : nothing}${cards}`;
  }

  /** Why there is nothing for cards of this shape to show, and what to do; null where there is. */
  #trouble(): string | null {
    const { shape, words, stages, sides, against, runs, run, ownSteps } = this;
    if (shape === "time") return stages.length < 2 ? words.oneStepInTime : null;
    const { contest } = this.#arrangement;
    const compared = { sides, contest, against, runs, run, ownSteps };
    return shape === "compare" ? trouble(compared, words) : null;
  }

  #bar(found: string | null): TemplateResult {
    const { contest, split } = this.#arrangement;
    return html`<fgsm-contest
      .store=${this.store}
      .words=${this.words}
      .runs=${this.runs}
      .run=${this.run}
      .sides=${this.sides}
      .ownSteps=${this.ownSteps}
      .axis=${this.axis}
      .at=${this.run.at}
      .against=${this.against}
      .disagree=${this.disagree}
      .contest=${contest}
      .split=${split}
      .trouble=${found}
    ></fgsm-contest>`;
  }

  override updated(changed: PropertyValues): void {
    // The layout may be another now, or the grid elsewhere in the page.
    if (!justScrolled(changed)) this.#sight.forget();
    this.#sight.scroll(this.kept);
    this.rows = this.#sight.near;
    this.#seen = this.#sight.seen;
    this.#supply();
    this.#want();
    this.#resting.wait();
  }

  #arrange(changed: PropertyValues): void {
    const before = changed.get("run") as RunView | undefined;
    const filtered = anyOf(changed, ...FILTERS);
    const other = this.#arrangement.record === null || (before && before.name !== this.run.name);
    if (filtered && this.#arrangement.record) this.#sight.goal = "top";
    const arrangement = this.#arrangement;
    const contest = this.#judged();
    const judged = contest !== arrangement.contest;
    arrangement.contest = contest;
    if (!filtered && !judged && !anyOf(changed, "run", "held")) return;
    const { record, at } = this.run;
    if (this.held && !filtered && record === arrangement.record) return;
    arrangement.arrange(record, at?.index ?? null, this, this.words.unnamedClass);
    if (filtered || other) this.#sight.focused = null;
    if (other && record && this.#sight.goal !== "top") this.#find(record);
  }

  /** Of another run, what was in sight stays so, recognised by its pixels; else it begins at the top. */
  #find({ samples }: Record): void {
    const { sample } = this.kept;
    if (sample === null) return;
    const place = this.#arrangement.positions.findIndex(
      (at) => samples[at]?.checksums[0] === sample,
    );
    this.#sight.goal = place < 0 ? "top" : "kept";
    this.#sight.anchor = Math.max(0, place);
  }

  #grid(): TemplateResult | typeof nothing {
    const layout = this.#layout;
    if (!layout) return nothing;
    const { card, width, height, place, crisp } = layout;
    const { store, words, run, axis, shape, noise, step } = this;
    const beside = { step, standIn: this.#standIn(), sides: this.#sides };
    const hand = { store, words, run, axis, shape, noise, ...beside };
    const places = this.#sight.places(this.rows);
    this.#places = this.#keeping ? this.#slots.keep(places) : this.#slots.show(places);
    const look = `height: ${this.#sight.height}px; --card: ${card}px;
      --width: ${width}px; --height: ${height}px; --place: ${place}px;
      --rendering: ${crisp ? "pixelated" : "auto"}; --spark: ${card < SPARKLESS ? "none" : "block"}`;
    return html`
      ${
        run.record && shape === "triplet"
          ? captions(run.record, layout, this.#arrangement.positions.length, this.noise, this.words)
          : nothing
      }
      <div
        class="cards"
        @focusin=${this.#sight.focusIn}
        @keydown=${this.#roving.key}
        @focusout=${this.#sight.focusOut}
        role="list" aria-label=${this.words.cards} style=${look} data-shape=${this.shape}>
        ${repeat(
          this.#places,
          (each) => this.#slots.slot(each),
          (each) => dealt(hand, this.#spot(each, layout)),
        )}
      </div>
    `;
  }

  #spot(place: number, { columns, card }: Layout) {
    const { positions } = this.#arrangement;
    const top = Math.floor(place / columns) * this.#sight.lines.pitch;
    const style = `top: ${top}px; left: ${(place % columns) * (card + GAP)}px`;
    const tabbed = place === this.#roving.tabbed(this.#places);
    return { place, count: positions.length, position: positions[place], style, tabbed };
  }

  /** Has the card of a sample take the focus, or the nearest to where it was. */
  async focusSample(position: number | null): Promise<void> {
    const { positions } = this.#arrangement;
    const place = position === null ? -1 : positions.indexOf(position);
    await this.#roving.focus(place >= 0 ? place : Math.min(this.#sight.last, positions.length - 1));
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
    this.#sight.forget();
    this.width = this.clientWidth;
    if (!this.hasUpdated || this.#sight.goal) return;
    const spot = this.#layout && this.#sight.look();
    if (spot) {
      const sample = this.run.record?.samples[this.#arrangement.positions[spot.place] ?? -1];
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
      if (isComparison(card)) card.decoded = this.#picturesBeside(card.position);
      else card.decoded = this.store.pictures.peek(card.position);
      if ((row >= seen.from && row < seen.to) || !this.held) card.epsilon = this.epsilon;
    }
  }

  /** Asks for the pictures of the cards in sight, and then of those around them. */
  #want(): void {
    const { columns } = this.#layout ?? { columns: 1 };
    if (this.width === 0) return;
    const between = ({ from, to }: Rows) =>
      this.#arrangement.positions.slice(from * columns, to * columns);
    const focused = this.#sight.focusedPlaces.map(
      (at) => this.#arrangement.positions[at] as number,
    );
    const positions = [...new Set([...between(this.#seen), ...between(this.rows), ...focused])];
    this.store.pictures.want(positions);
    const { record, stamp } = this.run;
    const beside = record ? wantedBeside(record, stamp, positions, this.#sides) : [];
    this.store.pictures.wantBeside("grid", beside);
  }

  /** The pictures of a sample: the grid's own, and each side's. */
  #picturesBeside(position: number): Comparison["decoded"] {
    const { pictures } = this.store;
    const { record } = this.run;
    const places = record ? placesBeside(record, position, this.#sides) : [];
    const beside = places.map((place, i) =>
      place === null ? undefined : pictures.peek(place, this.#sides[i]?.stamp),
    );
    return [pictures.peek(position), ...beside];
  }
}

/** Whether nothing but other rows have come into sight: cards move, and the grid stays where it is. */
function justScrolled(changed: PropertyValues): boolean {
  return changed.size === 1 && changed.has("rows");
}

customElements.define("fgsm-grid", Grid);
