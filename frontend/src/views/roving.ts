import type { LitElement } from "lit";
import { keyTarget } from "./keys";
import type { SampleCard } from "./sample-card";
import type { Sight } from "./sight";

/** How cards lie: so many, so many side by side. */
interface Lines {
  readonly count: number;
  readonly columns: number;
}

/**
 * The place of the card that a key goes to from another; null where the key is for something else, or
 * there is no other card.
 *
 * @param page how many rows a page is
 */
export function neighbour(
  event: KeyboardEvent,
  from: number,
  { count, columns }: Lines,
  page: number,
): number | null {
  const last = count - 1;
  // To the end of the list rather than nowhere, in the same column where there is one.
  const rows = (by: number) => {
    const to = from + by * columns;
    if (to < 0) return Math.abs(by) === 1 ? from : from % columns;
    return to > last ? last : to;
  };
  const to = keyTarget<number>(event, {
    ArrowLeft: Math.max(0, from - 1),
    ArrowRight: Math.min(last, from + 1),
    ArrowUp: rows(-1),
    ArrowDown: rows(1),
    PageUp: rows(-page),
    PageDown: rows(page),
    Home: 0,
    End: last,
  });
  return to === undefined || to === from ? null : to;
}

/** Of a grid's cards Tab goes to one, and arrow keys from that to the others. */
export class Roving {
  readonly #host: LitElement;
  readonly #sight: Sight;

  constructor(host: LitElement, sight: Sight) {
    this.#host = host;
    this.#sight = sight;
  }

  /** Which of these places Tab goes to: the last that had the focus, or the first in sight. */
  tabbed(places: readonly number[]): number {
    const { last, firstSeen } = this.#sight;
    return places.includes(last) ? last : firstSeen;
  }

  readonly key = (event: KeyboardEvent): void => {
    const { focused, lines, seen } = this.#sight;
    if (focused === null || event.defaultPrevented) return;
    const page = Math.max(1, seen.to - seen.from - 1);
    const place = neighbour(event, focused, lines, page);
    if (place !== null) void this.focus(place);
  };

  /** Has the card at a place take the focus, in sight. */
  async focus(place: number): Promise<void> {
    const sight = this.#sight;
    if (place < 0 || place >= sight.lines.count) return;
    sight.focused = place;
    sight.last = place;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    const card = this.#host.renderRoot.querySelector<SampleCard>(`[data-place="${place}"]`);
    await card?.updateComplete;
    card?.focusTitle();
  }
}
