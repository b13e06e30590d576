// Where on a sheet its cells lie. Pure functions.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Sheet extends Size {
  /** Where the cells lie that there is room for: the first ones. */
  readonly places: readonly Place[];
}

/** What every browser's canvas has room for, in pixels: a phone's has no more. */
const AREA = 2 ** 24;
const SIDE = 2 ** 14;

/** A sheet somewhat wider than high. */
const RATIO = 1.4;

/** Room around the sheet, and between its columns and rows, in pixels. */
export const MARGIN = 40;
const GAP = 80;
const ROW_GAP = 28;

/**
 * A sheet of cells that are about equally large, row by row.
 *
 * @param head how high what stands above them is, by the width that it has
 */
export function laySheet(sizes: readonly Size[], head: (width: number) => number): Sheet {
  const width = Math.max(...sizes.map((size) => size.width));
  const height = sizes.reduce((sum, size) => sum + size.height, 0) / sizes.length;
  const ideal = Math.round(Math.sqrt((sizes.length * (height + ROW_GAP) * RATIO) / (width + GAP)));
  const columns = Math.min(sizes.length, Math.max(1, ideal));
  const inner = columns * (width + GAP) - GAP;
  const sheet = { width: Math.ceil(inner + 2 * MARGIN), height: 0 };
  const places: Place[] = [];
  let y = MARGIN + Math.ceil(head(inner));
  for (let first = 0; first < sizes.length; first += columns) {
    const row = sizes.slice(first, first + columns);
    const bottom = y + Math.ceil(Math.max(...row.map((size) => size.height)));
    const whole = bottom + MARGIN;
    if (first > 0 && (whole > SIDE || whole * sheet.width > AREA)) break;
    for (const i of row.keys()) places.push({ x: MARGIN + i * Math.ceil(width + GAP), y });
    sheet.height = whole;
    y = bottom + ROW_GAP;
  }
  return { ...sheet, places };
}
