// Accuracy by step and epsilon: what stands in the map's columns and rows, and where. Pure functions.

import type { Curve, Failure, Step } from "./run";

/** One step of the step slider, and what there is of a run at it. */
export interface Column {
  readonly step: number;
  /** The run's own step that stands for it; null before its first. */
  readonly shown: number | null;
  /** Null where it is on its way, cannot be had, or there is none. */
  readonly curve: Curve | null;
  readonly error: Failure | null;
}

/** A place on the map: which column, and which row, from 0 at the bottom. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

/** A column for each step of the slider: each the run's own, or the nearest earlier one. */
export function columnsOf(
  steps: readonly number[],
  own: readonly Step[],
  curve: (step: Step) => Curve | Failure | undefined,
): Column[] {
  let next = 0;
  return steps.map((step) => {
    while (next < own.length && (own[next] as Step).step <= step) next++;
    const shown = own[next - 1];
    const found = shown && curve(shown);
    return {
      step,
      shown: shown?.step ?? null,
      curve: found && "epsilons" in found ? found : null,
      error: found && !("epsilons" in found) ? found : null,
    };
  });
}

/** The rows from the bottom up: 0, the clean pictures, and each epsilon that any step has. */
export function rowsOf(columns: readonly Column[]): number[] {
  const epsilons = new Set([0]);
  // Neighbours are often one and the same curve, and nearly all have the same epsilons.
  let last: Curve | null = null;
  for (const { curve } of columns) {
    if (!curve || curve === last) continue;
    for (const epsilon of curve.epsilons) epsilons.add(epsilon);
    last = curve;
  }
  return [...epsilons].sort((a, b) => a - b);
}

/** The run's own steps, those nearest to the current one first. */
export function byUrgency(own: readonly Step[], current: number | null): Step[] {
  const found = current === null ? -1 : own.findLastIndex(({ step }) => step <= current);
  const at = found < 0 ? own.length - 1 : found;
  const far = new Map(own.map((step, i) => [step, Math.abs(i - at)]));
  return [...own].sort((a, b) => (far.get(a) ?? 0) - (far.get(b) ?? 0));
}

/** The cell at a point; one beyond the edge counts as on it. */
export function cellAt(
  x: number,
  y: number,
  size: { readonly width: number; readonly height: number },
  columns: number,
  rows: number,
): Cell {
  const clamp = (value: number, count: number) =>
    Math.min(count - 1, Math.max(0, Math.floor(value * count)));
  return { column: clamp(x / size.width, columns), row: rows - 1 - clamp(y / size.height, rows) };
}

/** Where a cell's edges lie along an axis of `length` device pixels: whole ones, and no gaps. */
export function span(place: number, count: number, length: number): [number, number] {
  return [Math.round((place * length) / count), Math.round(((place + 1) * length) / count)];
}

export type Rgb = readonly [number, number, number];

/** A colour such as #ee6c00, as the stylesheet has it. */
export function parseColour(text: string): Rgb {
  const value = Number.parseInt(text.trim().slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** A share of one colour on another. */
export function mix(ground: Rgb, colour: Rgb, share: number): string {
  const [r, g, b] = ground.map((level, i) =>
    Math.round(level + share * ((colour[i] as number) - level)),
  );
  return `rgb(${r} ${g} ${b})`;
}

/** Which of evenly spaced labels are shown: the first, the last, and between them what has room. */
export function labelled(count: number, pitch: number, room: number): number[] {
  if (count < 2) return count === 1 ? [0] : [];
  const every = Math.max(1, Math.ceil(room / pitch));
  const last = count - 1;
  const between = [];
  for (let i = every; i <= last - every; i += every) between.push(i);
  return [0, ...between, last];
}
