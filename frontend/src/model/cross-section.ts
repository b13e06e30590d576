// What a model says on a square through a sample, along FGSM's direction and along a random one: cells
// with a class and its probability. Pure functions.

import { epsilonText } from "./format";
import type { CrossSection } from "./record";

/** The cells of a square, row by row along the random direction, from −ε to ε each way. */
export interface Cells {
  /** How many a side has: odd, so that the original is the one in the middle. */
  readonly side: number;
  /** How far the axes go, in pixel units. */
  readonly epsilon: number;
  /** The predicted class of each. */
  readonly labels: readonly number[];
  /** Its probability, to a 255th. */
  readonly shares: readonly number[];
}

/**
 * Reads a stored picture; null where it names a class that the record does not.
 *
 * @param levels its RGBA levels
 */
export function cellsOf(
  { side, classes }: Pick<CrossSection, "side" | "classes">,
  epsilon: number,
  levels: ArrayLike<number>,
): Cells | null {
  const labels: number[] = [];
  const shares: number[] = [];
  for (let at = 0; at < 4 * side * side; at += 4) {
    const label = classes[(levels[at] ?? 0) + 256 * (levels[at + 1] ?? 0)];
    if (label === undefined) return null;
    labels.push(label);
    shares.push((levels[at + 2] ?? 0) / 255);
  }
  return { side, epsilon, labels, shares };
}

/** A cell by its column along FGSM's direction and its row along the random one. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export function middleOf({ side }: Cells): Cell {
  return { column: (side - 1) / 2, row: (side - 1) / 2 };
}

/** The cell so many columns and rows on, or at the edge. */
export function moved({ side }: Cells, { column, row }: Cell, dx: number, dy: number): Cell {
  const within = (place: number) => Math.min(side - 1, Math.max(0, place));
  return { column: within(column + dx), row: within(row + dy) };
}

export interface Told {
  readonly label: number;
  readonly share: number;
  /** How far along each direction it lies, in pixel units. */
  readonly along: number;
  readonly across: number;
}

export function toldAt({ side, epsilon, labels, shares }: Cells, { column, row }: Cell): Told {
  const half = (side - 1) / 2;
  const at = side * row + column;
  return {
    label: labels[at] as number,
    share: shares[at] as number,
    along: ((column - half) / half) * epsilon,
    across: ((row - half) / half) * epsilon,
  };
}

/** A place on an axis in a sentence: −0.5/255, 0, 0.5/255. */
export function placeText(place: number, decimals: boolean): string {
  if (place === 0) return "0";
  return `${place < 0 ? "−" : ""}${epsilonText(Math.abs(place), decimals)}`;
}

/** Where another class than the original's begins: in pixel units; null where it does not. */
export interface Beginnings {
  /** Forwards along FGSM's direction. */
  readonly along: number | null;
  /** Along the random direction, one way or the other. */
  readonly across: number | null;
}

export function beginnings(cells: Cells): Beginnings {
  const { side } = cells;
  const middle = middleOf(cells);
  const own = toldAt(cells, middle).label;
  const first = (steps: readonly (readonly [number, number])[]) => {
    for (let far = 1; far <= (side - 1) / 2; far++) {
      for (const [dx, dy] of steps) {
        const told = toldAt(cells, moved(cells, middle, far * dx, far * dy));
        if (told.label !== own) return Math.max(Math.abs(told.along), Math.abs(told.across));
      }
    }
    return null;
  };
  return {
    along: first([[1, 0]]),
    across: first([
      [0, 1],
      [0, -1],
    ]),
  };
}

/** A class of the square, as it is drawn: all those that have no colour of their own are one. */
export interface Region {
  /** Null of the others. */
  readonly label: number | null;
  /** How many classes it is. */
  readonly classes: number;
  /** The variable of its colour. */
  readonly colour: string;
  /** Its share of the cells. */
  readonly area: number;
}

/** The true class's colour, those of others, and that of all the rest, which is a grey. */
const OWN = "--run-2";
const OTHERS = ["--run-1", "--run-0", "--run-5", "--run-3", "--run-4"];
const REST = "--run-6";

/** The classes of a square, the most frequent first, and the rest behind them. */
export function regionsOf({ labels }: Cells, label: number): Region[] {
  const counts = new Map<number, number>();
  for (const each of labels) counts.set(each, (counts.get(each) ?? 0) + 1);
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  const colours = [...OTHERS];
  const regions: Region[] = [];
  const rest = { classes: 0, cells: 0 };
  for (const [each, cells] of ordered) {
    const colour = each === label ? OWN : colours.shift();
    if (colour) regions.push({ label: each, classes: 1, colour, area: cells / labels.length });
    else {
      rest.classes += 1;
      rest.cells += cells;
    }
  }
  if (rest.classes === 0) return regions;
  const area = rest.cells / labels.length;
  return [...regions, { label: null, classes: rest.classes, colour: REST, area }];
}

/** How many steps of strength there are for the probability. */
const STEPS = 20;

/** Cells of one colour and strength, as a path in which a cell is 1 × 1 and up is up. */
export interface Layer {
  /** The place of its region. */
  readonly region: number;
  /** From faint to full, in (0, 1]: the surer the model, the stronger. */
  readonly strength: number;
  readonly path: string;
}

export function layersOf(cells: Cells, regions: readonly Region[]): Layer[] {
  const { side, labels, shares } = cells;
  const places = new Map(regions.map(({ label }, place) => [label, place]));
  const layers = new Map<number, { region: number; strength: number; parts: string[] }>();
  const key = (at: number) => {
    const region = places.get(labels[at] as number) ?? regions.length - 1;
    return region * (STEPS + 1) + Math.round((shares[at] as number) * STEPS);
  };
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; ) {
      const now = key(side * row + column);
      let width = 1;
      while (column + width < side && key(side * row + column + width) === now) width++;
      const region = Math.floor(now / (STEPS + 1));
      const strength = 0.2 + (0.8 * (now % (STEPS + 1))) / STEPS;
      const layer = layers.get(now) ?? { region, strength, parts: [] };
      layers.set(now, layer);
      layer.parts.push(`M${column} ${side - 1 - row}h${width}v1h${-width}z`);
      column += width;
    }
  }
  return [...layers.values()].map(({ parts, ...layer }) => ({ ...layer, path: parts.join("") }));
}

/** The lines between cells of different classes, as a path as above. */
export function bordersOf({ side, labels }: Cells): string {
  const parts: string[] = [];
  const label = (column: number, row: number) => labels[side * row + column];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const own = label(column, row);
      const top = side - 1 - row;
      if (column + 1 < side && label(column + 1, row) !== own)
        parts.push(`M${column + 1} ${top}v1`);
      if (row + 1 < side && label(column, row + 1) !== own) parts.push(`M${column} ${top}h1`);
    }
  }
  return parts.join("");
}

/** Where a region's number stands: deep within it, and beside the middle row with its marks. */
export interface Anchor {
  readonly region: number;
  readonly x: number;
  readonly y: number;
}

/** Of each region that has room for a number; x and y as in the paths. */
export function anchorsOf(cells: Cells, regions: readonly Region[]): Anchor[] {
  const { side, labels } = cells;
  const middle = (side - 1) / 2;
  const room = side / 12;
  const places = new Map(regions.map(({ label }, place) => [label, place]));
  const region = (column: number, row: number) => {
    const inside = column >= 0 && row >= 0 && column < side && row < side;
    if (!inside || Math.abs(row - middle) < side / 24) return -1;
    return places.get(labels[side * row + column] as number) ?? regions.length - 1;
  };
  // The side of the largest square of one region that has its last corner here.
  const squares: number[] = [];
  const best = regions.map(() => ({ size: 0, x: 0, y: 0 }));
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const own = region(column, row);
      const before = [
        [column - 1, row],
        [column, row - 1],
        [column - 1, row - 1],
      ] as const;
      const alike = before.every(([x, y]) => region(x, y) === own);
      const least = Math.min(...before.map(([x, y]) => squares[side * y + x] ?? 0));
      const size = own < 0 ? 0 : alike ? 1 + least : 1;
      squares[side * row + column] = size;
      const known = best[own];
      if (known && size > known.size) {
        Object.assign(known, { size, x: column + 1 - size / 2, y: side - (row + 1 - size / 2) });
      }
    }
  }
  return best.flatMap(({ size, x, y }, region) => (size >= room ? [{ region, x, y }] : []));
}

/** How far right an epsilon lies in the paths; its height is the middle. */
export function columnAt({ side, epsilon }: Cells, at: number): number {
  const half = (side - 1) / 2;
  return 0.5 + half + (at / epsilon) * half;
}
