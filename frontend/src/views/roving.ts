import { keyTarget } from "./keys";

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
