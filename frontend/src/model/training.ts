// Accuracy by step and epsilon: what stands in the map's columns and rows, and where. Pure functions.

import { accuracyAt, type Curve, type Failure, type Step } from "./run";

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

/** Whether the accuracies are to be believed, over the steps: what is drawn above the map. */
export interface Belief {
  /** At each column, in [0, 1]; null where the step does not say. */
  readonly robust: readonly (number | null)[];
  readonly stronger: readonly (number | null)[];
  /** Below 0 it is drawn as 0. */
  readonly alignment: readonly (number | null)[];
  /** The columns of the steps at which the training had overfitted to the attack. */
  readonly overfitted: readonly number[];
}

/** What the steps say of it at a logged epsilon; null where none says anything. */
export function beliefOf(columns: readonly Column[], epsilon: number): Belief | null {
  if (!columns.some(({ curve }) => curve?.check || curve?.alignment)) return null;
  const at = <Value>(value: (curve: Curve, place: number) => Value | null | undefined) =>
    columns.map(({ curve }) => {
      const place = curve?.epsilons.indexOf(epsilon) ?? -1;
      return curve && place >= 0 ? (value(curve, place) ?? null) : null;
    });
  return {
    robust: columns.map(({ curve }) => accuracyAt(curve, epsilon)),
    stronger: at(({ check }, place) => check && (check.held[place] ?? 0) / check.count),
    alignment: at(({ alignment }, place) => alignment?.[place]),
    // A step stands for those after it until the next: it is marked once.
    overfitted: columns.flatMap(({ curve, step, shown }, i) =>
      curve?.overfitted && step === shown ? [i] : [],
    ),
  };
}

/** A line over the columns as an SVG path, in a box one wide a column and 1 high; gaps are left. */
export function pathOf(shares: readonly (number | null)[]): string {
  let path = "";
  for (const [i, share] of shares.entries()) {
    if (share === null) continue;
    const joined = i > 0 && shares[i - 1] !== null;
    const y = Math.round(1000 * (1 - Math.min(1, Math.max(0, share)))) / 1000;
    path += `${joined ? "L" : "M"}${i + 0.5} ${y}`;
    // A step between two that do not say is a point.
    if (!joined && (i + 1 === shares.length || shares[i + 1] === null)) path += "h.001";
  }
  return path;
}
