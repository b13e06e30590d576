import { drawDifference, type Examples, exampleAt, type Levels } from "../model/examples";
import { Memo } from "../model/memo";
import { adversarial, draw, type Entries, noise, sameTable, type Table } from "../model/pixels";
import type { NoiseScale } from "../model/selection";

/** The last tables: all cards in sight ask for the same in a frame. */
const current = new Memo<Table>();
const currentNoise = new Memo<Table>();

/** The last tables of each kind that differed: 8-bit pictures change only from grey level to grey level. */
const steadyTable = steadied();
const steadyNoise = steadied();

function steadied(): (table: Table) => Table {
  let kept: Table | null = null;
  return (table) => {
    if (kept === null || !sameTable(kept, table)) kept = table;
    return kept;
  };
}

/** The adversarial table at the current epsilon. */
export function tableAt(epsilon: number): Table {
  return current.get([epsilon], () => steadyTable(adversarial(epsilon)));
}

/** The noise's table at the current epsilon and scale. */
export function noiseAt(epsilon: number, times: NoiseScale): Table {
  return currentNoise.get([epsilon, times], () => steadyNoise(noise(epsilon, times)));
}

let scratch: ImageData | null = null;
let pixels = new Uint32Array();

/** What each canvas shows: of what, and how; so that none is drawn twice. */
const shown = new WeakMap<HTMLCanvasElement, { of: unknown; by: unknown }>();

/** Draws a table over a sample's entries onto a canvas of the picture's own size. */
export function paint(canvas: HTMLCanvasElement, entries: Entries, table: Table): void {
  paintOnce(canvas, entries, table, () => draw(entries, table, pixels));
}

/** Draws a picture that is stored as it is. */
export function paintLevels(canvas: HTMLCanvasElement, levels: Levels): void {
  paintOnce(canvas, levels, null, (data) => data.set(levels));
}

/** Draws what the picture at a place among the logged epsilons differs in from the original. */
export function paintDifference(
  canvas: HTMLCanvasElement,
  examples: Examples,
  place: number,
  times: number,
): void {
  paintBetween(canvas, examples.original, exampleAt(examples, place), times);
}

/** Draws what an adversarial picture differs in from the original, so many times as large. */
export function paintBetween(
  canvas: HTMLCanvasElement,
  original: Levels,
  adversarial: Levels,
  times: number,
): void {
  paintOnce(canvas, adversarial, times, (data) =>
    drawDifference(original, adversarial, times, data),
  );
}

function paintOnce(
  canvas: HTMLCanvasElement,
  of: unknown,
  by: unknown,
  drawOn: (data: Levels) => void,
): void {
  const before = shown.get(canvas);
  if (before && before.of === of && before.by === by) return;
  const { width, height } = canvas;
  // All pictures of a step are of one size, so that one buffer serves them all.
  if (scratch?.width !== width || scratch.height !== height) {
    scratch = new ImageData(width, height);
    pixels = new Uint32Array(scratch.data.buffer);
  }
  drawOn(scratch.data);
  canvas.getContext("2d")?.putImageData(scratch, 0, 0);
  shown.set(canvas, { of, by });
}

/** Empties a canvas. */
export function wipe(canvas: HTMLCanvasElement): void {
  if (shown.delete(canvas)) canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
}

/** More film strips than these are rarely compared in one sitting. */
const MOST_TABLES = 64;
const tables = new Map<number, Table>();

/** The adversarial table at a logged epsilon, of which a film strip has one each. */
export function tableOf(epsilon: number): Table {
  let table = tables.get(epsilon);
  if (!table) {
    if (tables.size >= MOST_TABLES) tables.clear();
    table = adversarial(epsilon);
    tables.set(epsilon, table);
  }
  return table;
}
