import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  ASCENDING,
  type Became,
  type ClassRow,
  type ClassSort,
  classRows,
  fitting,
  sortClasses,
} from "../model/classes";
import { grouped, percent } from "../model/format";
import { Memo } from "../model/memo";
import type { Record } from "../model/record";
import { type Namer, namer, partlyPictured, predictionAt } from "../model/samples";
import type { RunView } from "../store";
import { classesStyle, ROW } from "./classes.style";
import { anyOf, DashboardElement, data } from "./element";
import { onResize } from "./resizing";
import { textWidth } from "./text-width";
import { base } from "./theme";

/** How many rows beyond those in sight are in the document, above and below. */
const OVERSCAN = 4;
/** The widest that a class's name gets among those that a class turns into, and what is around it. */
const WIDEST = 116;
const AROUND = 44;
/** The room for "+12 more". */
const MORE = 64;

/**
 * The focused run's accuracy at this epsilon by true class, and into what its samples turn. Of a
 * thousand classes only the rows in sight are in the document.
 */
export class Classes extends DashboardElement {
  static override properties = {
    run: data,
    label: data,
    predicted: data,
    held: data,
    sort: { state: true },
    ascending: { state: true },
    first: { state: true },
    seen: { state: true },
    room: { state: true },
  };

  declare run: RunView | null;
  declare label: number | null;
  declare predicted: number | null;
  /** Whether rows keep their places, because epsilon is being dragged. */
  declare held: boolean;
  declare sort: ClassSort;
  declare ascending: boolean;
  /** The first row in sight, and how many fit. */
  declare first: number;
  declare seen: number;
  /** How wide the last column is, in pixels. */
  declare room: number;

  #rows: ReadonlyMap<number, ClassRow> = new Map();
  #order: readonly number[] = [];
  /** The chosen class whose row was brought into sight. */
  #revealed: number | null = null;
  /** Of which classes, and what they became, there are pictures. */
  readonly #shown = new Memo<ReadonlySet<string>>();
  /** What the rows were counted of. */
  #counted: { record: Record | null; index: number } = { record: null, index: -1 };

  static override styles = [base, classesStyle];

  constructor() {
    super();
    this.sort = "robust";
    this.ascending = ASCENDING.robust;
    this.first = 0;
    this.seen = 8;
    this.room = 0;
    onResize(this, () => this.#measure());
  }

  override willUpdate(changed: PropertyValues): void {
    const record = this.run?.record ?? null;
    const index = this.run?.at?.index ?? -1;
    const other = record !== this.#counted.record;
    const recounted = other || index !== this.#counted.index;
    if (recounted) {
      this.#counted = { record, index };
      const rows = record ? classRows(record, index) : [];
      this.#rows = new Map(rows.map((row) => [row.label, row]));
    }
    const sorted = anyOf(changed, "sort", "ascending", "words");
    if (other || sorted || (!this.held && (recounted || changed.has("held")))) {
      const rows = [...this.#rows.values()];
      this.#order = sortClasses(rows, this.sort, this.ascending, this.#named).map(
        ({ label }) => label,
      );
    }
  }

  override render(): TemplateResult {
    const { words } = this;
    if (!this.run?.record) return html``;
    if (this.#order.length === 0) return html`<p class="none">${words.noSamples}</p>`;
    const start = Math.max(0, this.first - OVERSCAN);
    const shown = this.#order.slice(start, this.first + this.seen + OVERSCAN);
    const named = this.#named;
    return html`
      <div role="table" aria-label=${words.panelClasses} aria-rowcount=${this.#order.length + 1} style="display: contents; --colour: var(${this.run.colour})">
        ${this.#head()}
        <div class="body" role="rowgroup" @scroll=${this.#scroll}>
          <div class="rows" style="height: ${this.#order.length * ROW}px">
            ${repeat(
              shown,
              (label) => label,
              (label, i) => this.#row(this.#rows.get(label), start + i, named),
            )}
          </div>
        </div>
      </div>
    `;
  }

  override updated(): void {
    this.#measure();
    const place = this.label === null ? -1 : this.#order.indexOf(this.label);
    // Once, or a chosen row would hold the reader back who scrolls away from it.
    if (place >= 0 && this.#revealed !== this.label) this.#reveal(place);
    if (place >= 0 || this.label === null) this.#revealed = this.label;
  }

  get #named(): Namer {
    return namer(this.run?.record, this.words.unnamedClass);
  }

  #head(): TemplateResult {
    const { words } = this;
    return html`
      <div class="row head" role="row">
        ${this.#column("name", "pick", words.trueClass)}
        ${this.#column("count", "count", words.classSamples)}
        ${this.#column(
          "robust",
          "",
          words.robustAccuracy,
          html`<span class="tick-key">${words.clean}</span>`,
        )}
        <span role="columnheader" class="turns" title=${words.turnsIntoHint}>${words.turnsInto}</span>
      </div>
    `;
  }

  #column(sort: ClassSort, kind: string, text: string, key?: TemplateResult): TemplateResult {
    const chosen = this.sort === sort;
    const direction = this.ascending ? "ascending" : "descending";
    const arrow = this.ascending ? "▲" : "▼";
    return html`
      <span role="columnheader" class=${kind} aria-sort=${chosen ? direction : "none"}>
        <button title=${this.words.sortColumn} @click=${() => this.#sortBy(sort)}
          >${text}<span class="arrow" aria-hidden="true">${chosen ? arrow : ""}</span></button
        >${key ?? nothing}
      </span>
    `;
  }

  #row(row: ClassRow | undefined, place: number, named: Namer): TemplateResult | typeof nothing {
    if (!row) return nothing;
    const { words } = this;
    const { label, count, clean, robust } = row;
    const name = named(label);
    const chosen = this.label === label;
    const told = words.classAccuracy(percent(robust / count), percent(clean / count));
    return html`
      <div
        class="row${chosen ? " chosen" : ""}"
        role="row"
        aria-rowindex=${place + 2}
        data-class=${label}
        style="top: ${place * ROW}px"
      >
        <span class="pick" role="cell">
          <button
            class="cut"
            title=${name}
            aria-pressed=${chosen}
            @click=${() => this.#choose(label, null)}
          >
            ${name}
          ${this.#pictured(label, null) ? nothing : html`<span class="bare">${words.noPictures}</span>`}
          </button>
        </span>
        <span class="count" role="cell">${grouped(count)}</span>
        <span class="accuracy" role="cell" title=${told}>
          <span class="bar" aria-hidden="true"
            ><i style="width: ${(100 * robust) / count}%"></i
            ><b style="left: ${(100 * clean) / count}%"></b
          ></span>
          <span>${percent(robust / count)}</span>
        </span>
        <span class="became" role="cell">${this.#became(row, named)}</span>
      </div>
    `;
  }

  /** Into what a class's samples turn: as many as there is room for, and how many more samples. */
  #became({ label, became, unlisted }: ClassRow, named: Namer): TemplateResult | typeof nothing {
    if (became.length === 0) return nothing;
    const widths = became.slice(0, 20).map(([predicted, count]) => {
      const name = Math.min(WIDEST, textWidth(named(predicted), 12));
      return name + textWidth(grouped(count), 12) + AROUND;
    });
    // What the record does not list wants its room, too.
    const fit = fitting(unlisted > 0 ? [...widths, MORE] : widths, this.room, MORE);
    const rest = became.slice(fit);
    const more = rest.reduce((sum, [, count]) => sum + count, unlisted);
    return html`
      ${became.slice(0, fit).map(
        ([predicted, count]) => html`
          <button
            data-predicted=${predicted}
            class=${this.#pictured(label, predicted) ? "" : "bare"}
            title=${this.#hint(named(label), named(predicted), grouped(count))}
            aria-pressed=${this.label === label && this.predicted === predicted}
            @click=${() => this.#choose(label, predicted)}
          >
            <span aria-hidden="true">→</span
            ><span class="cut" style="max-width: ${WIDEST}px">${named(predicted)}</span>
            <span class="times">×${grouped(count)}</span>
          </button>
        `,
      )}
      ${more === 0 ? nothing : this.#more(more, rest, unlisted, named)}
    `;
  }

  /** How many more samples there are, and of which classes, as far as that is known. */
  #more(more: number, rest: readonly Became[], unlisted: number, named: Namer): TemplateResult {
    const { words } = this;
    const lines = rest.map(([predicted, count]) =>
      words.classCount(named(predicted), grouped(count)),
    );
    if (unlisted > 0) lines.push(words.otherClasses(grouped(unlisted)));
    return html`<span class="more" title=${lines.join("\n")}>${words.more(grouped(more))}</span>`;
  }

  /** What a click shows; where some samples have no pictures, what is counted. */
  #hint(label: string, predicted: string, count: string): string {
    const { words, run } = this;
    const partly = run?.record && partlyPictured(run.record);
    return (partly ? words.called : words.turnedInto)(label, predicted, count);
  }

  /** Whether any sample of a class, or of what it became, has pictures; of none nobody expects any. */
  #pictured(label: number, predicted: number | null): boolean {
    const { record, at } = this.run ?? {};
    if (!record || record.samples.length === 0 || !partlyPictured(record)) return true;
    return this.#shown
      .get([record, at?.index], () => {
        const found = new Set<string>();
        for (const sample of record.samples) {
          const [said] = predictionAt(sample, at?.index ?? -1).classes;
          found.add(`${sample.label}`).add(`${sample.label} ${said}`);
        }
        return found;
      })
      .has(predicted === null ? `${label}` : `${label} ${predicted}`);
  }

  /** Filters the grid by a class and what it became; chosen again, by nothing. */
  #choose(label: number, predicted: number | null): void {
    const again = this.label === label && this.predicted === predicted;
    this.store.select(again ? { label: null, predicted: null } : { label, predicted });
  }

  #sortBy(sort: ClassSort): void {
    this.ascending = this.sort === sort ? !this.ascending : ASCENDING[sort];
    this.sort = sort;
    const body = this.renderRoot.querySelector(".body");
    if (body) body.scrollTop = 0;
  }

  #scroll({ currentTarget }: Event): void {
    this.first = Math.floor((currentTarget as HTMLElement).scrollTop / ROW);
  }

  /** Scrolls by as little as brings a row into sight. */
  #reveal(place: number): void {
    const body = this.renderRoot.querySelector(".body");
    if (!body) return;
    const least = (place + 1) * ROW - body.clientHeight;
    body.scrollTop = Math.max(least, Math.min(place * ROW, body.scrollTop));
  }

  #measure(): void {
    const body = this.renderRoot.querySelector(".body");
    const turns = this.renderRoot.querySelector(".turns");
    if (!body || !turns) return;
    this.seen = Math.ceil(body.clientHeight / ROW) + 1;
    this.room = turns.clientWidth;
  }
}

customElements.define("fgsm-classes", Classes);
