import type { ReactiveControllerHost } from "lit";
import { GAP, type Rows, range, rowsBetween, rowsNear } from "../model/layout";
import type { Kept } from "./kept";
import { onResize } from "./resizing";

/** How many rows beyond the visible ones are in the document, with their pictures. */
const SPARE = 1;

/** How the cards lie: so many, so many side by side, and from a row's top to the next one's. */
interface Lines {
  readonly count: number;
  readonly columns: number;
  readonly pitch: number;
}

/** What of the cards is at the top of what one sees. */
interface Spot {
  /** The first card of the row there. */
  readonly place: number;
  /** How far the row begins above it. */
  readonly offset: number;
  /** Whether it is the cards at all, and not what lies above them. */
  readonly within: boolean;
}

/** How far the cards are scrolled, and what of the scrolling element shows them, in pixels. */
interface Measured {
  /** How much of the cards lies above what one sees. */
  readonly top: number;
  /** How much of the scrolling element lies above the cards, and what of it covers them. */
  readonly start: number;
  readonly cover: number;
  readonly height: number;
}

/**
 * What of a long grid one sees: it measures how far the element around the grid is scrolled, tells
 * which rows have to be in the document for that, and scrolls to where the reader should be after a
 * change.
 */
export class Sight {
  /** What is to be scrolled to once the cards are there: the grid's top, the anchor, or what is kept. */
  goal: "top" | "anchor" | "kept" | null = null;
  /** The place that was first in sight, to stay there when the layout changes. */
  anchor = 0;
  /** The place whose card has the focus. */
  focused: number | null = null;
  /** The place whose card had the focus last. */
  last = 0;
  lines: Lines = { count: 0, columns: 1, pitch: 1 };

  /** Where the cards lay when that was measured last; undefined when it has to be measured anew. */
  #measured: Measured | null | undefined;
  /** Whether that is guessed: it is not forgotten at once. */
  #guessed = false;

  readonly #host: ReactiveControllerHost & Element;
  /** The scrolling element. */
  #main: HTMLElement | null = null;

  /** @param look is called whenever something else may be in sight. */
  constructor(host: ReactiveControllerHost & Element, look: () => void) {
    this.#host = host;
    const resizing = onResize(host, look);
    host.addController({
      hostConnected: () => {
        this.#main = host.closest("main");
        if (this.#main) resizing.observe(this.#main);
        this.#main?.addEventListener("scroll", look, { passive: true });
      },
      hostDisconnected: () => this.#main?.removeEventListener("scroll", look),
    });
  }

  /** The rows in sight. */
  get seen(): Rows {
    return rowsBetween(...this.#span, this.lines.pitch, this.#rowCount);
  }

  /** The first place in sight. */
  get firstSeen(): number {
    const { count, columns } = this.lines;
    return Math.min(Math.max(0, count - 1), this.seen.from * columns);
  }

  /** The rows in sight, and some more on both sides. */
  get near(): Rows {
    return rowsNear(...this.#span, this.lines.pitch, this.#rowCount, SPARE);
  }

  get #rowCount(): number {
    return Math.ceil(this.lines.count / this.lines.columns);
  }

  readonly focusIn = ({ target }: FocusEvent): void => {
    const place = (target as HTMLElement).closest<HTMLElement>("[data-place]")?.dataset["place"];
    if (place === undefined || this.focused === Number(place)) return;
    this.focused = Number(place);
    this.last = this.focused;
    this.#host.requestUpdate();
  };

  readonly focusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Element && this.#host.shadowRoot?.contains(relatedTarget)) return;
    this.focused = null;
  };

  /** How high all rows are together. */
  get height(): number {
    return this.#rowCount * this.lines.pitch - GAP;
  }

  /** The places in these rows, and in those around the focus, where the next Tab goes; in order. */
  places({ from, to }: Rows): number[] {
    return this.#placesOf([...new Set([...this.#focusedRows(), ...range(from, to)])]);
  }

  /** The places around the focus. */
  get focusedPlaces(): number[] {
    return this.#placesOf(this.#focusedRows());
  }

  #focusedRows(): number[] {
    if (this.focused === null) return [];
    const row = Math.floor(this.focused / this.lines.columns);
    return range(Math.max(0, row - 1), Math.min(this.#rowCount, row + 2));
  }

  #placesOf(rows: readonly number[]): number[] {
    const { columns, count } = this.lines;
    return [...rows]
      .sort((a, b) => a - b)
      .flatMap((row) => range(row * columns, (row + 1) * columns))
      .filter((place) => place < count);
  }

  /**
   * Forgets where the cards lie: something may have moved them. To measure has the browser lay out
   * all that has changed, so that scrolling measures once a frame.
   */
  forget(): void {
    if (!this.#guessed) this.#measured = undefined;
    this.#guessed = false;
  }

  /**
   * Takes the first cards, which are not there yet, to begin where the grid does, unless one has to
   * scroll to them: to measure them before they are painted would lay out the page once more.
   */
  guess(): void {
    if (this.goal) return;
    const { top, cover, height } = this.#window;
    this.#measured = { top, start: (this.#main?.scrollTop ?? 0) - top, cover, height };
    this.#guessed = true;
  }

  /** Looks what is at the top now, and keeps it for when the layout changes; null without cards. */
  look(): Spot | null {
    const measured = this.#measure();
    if (!measured) return null;
    const { pitch, columns } = this.lines;
    const { top } = measured;
    const row = Math.max(0, Math.round(top / pitch));
    this.anchor = row * columns;
    return { place: this.anchor, offset: top - row * pitch, within: top > -GAP };
  }

  /** Scrolls to where the reader should be after a change; not if they are above the cards. */
  scroll(kept: Kept): void {
    const { goal } = this;
    const measured = goal && this.#measure();
    if (!measured) return;
    this.goal = null;
    const main = this.#main as HTMLElement;
    const { start, top } = measured;
    if (goal !== "kept" && top <= 0) return;
    const row = Math.floor(this.anchor / this.lines.columns);
    const offset = goal === "kept" ? kept.offset : 0;
    main.scrollTop = goal === "top" ? start : start + row * this.lines.pitch + offset;
    this.forget();
  }

  #measure(): Measured | null {
    if (this.#measured === undefined) this.#measured = this.#layout();
    return this.#measured;
  }

  /** Where the cards lie now; null without cards. */
  #layout(): Measured | null {
    const main = this.#main;
    const root = this.#host.shadowRoot;
    const cards = root?.querySelector(".cards");
    if (!main || !cards) return null;
    const box = main.getBoundingClientRect();
    const toolbar = root?.querySelector("fgsm-toolbar");
    const { position, top: stuck } = getComputedStyle(toolbar ?? main);
    const cover =
      toolbar && position === "sticky" ? Number.parseFloat(stuck) + toolbar.clientHeight : 0;
    const top = box.top + cover - cards.getBoundingClientRect().top;
    return { top, start: main.scrollTop - top, cover, height: box.height };
  }

  /** Before the first cards are there, about what one sees: they lie a little below the top. */
  get #window() {
    const box = this.#main?.getBoundingClientRect();
    const { top, height } = box ?? { top: 0, height: innerHeight };
    return { top: top - this.#host.getBoundingClientRect().top, cover: 0, height };
  }

  /** The heights between which one sees cards. */
  get #span(): [number, number] {
    const { top, cover, height } = this.#measure() ?? this.#window;
    return [top, top - cover + height];
  }
}
