// At which epsilon samples flip, counted along the axis. Pure functions.

import type { Axis } from "./axis";
import type { Record } from "./record";
import { correct, flipEpsilon } from "./samples";

/** How many bars tell where samples flip, and how much of the chart's height the highest takes. */
const PARTS = 32;
export const BARS = 0.3;

/** How high the bars are over equal parts of the axis, as shares of the chart's height. */
export function flipBars(record: Record, axis: Axis): number[] {
  const counts = flipsAlong(record, axis, PARTS);
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count / most) * BARS);
}

/**
 * How many samples flip in each of the equal parts of the axis: the part's left end does not belong
 * to it, its right end does, as an epsilon flips a sample up to which it held. Those that are wrong
 * when clean, and those that never flip, are in none.
 */
export function flipsAlong(record: Record, axis: Axis, parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  for (const sample of record.samples) {
    const epsilon = correct(sample) ? flipEpsilon(record, sample) : Number.POSITIVE_INFINITY;
    if (!Number.isFinite(epsilon)) continue;
    const part = Math.ceil(axis.place(epsilon) * parts - 1e-9) - 1;
    const within = Math.min(parts - 1, Math.max(0, part));
    counts[within] = (counts[within] ?? 0) + 1;
  }
  return counts;
}
