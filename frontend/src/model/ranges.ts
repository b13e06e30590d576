// Ranges of epsilons, as they are chosen end by end or dragged over the axis. Pure functions.

import { type Axis, snap } from "./axis";
import type { Range } from "./samples";

/** Where a range may end, increasing: 0, the logged epsilons, and where it ends now. */
export function rangeEnds(logged: readonly number[], range: Range | null): number[] {
  return [...new Set([0, ...logged, ...(range ?? [])])].sort((a, b) => a - b);
}

/**
 * A range with another end; the other one gives way where it would lie on the wrong side.
 *
 * @param end the place of the end in the range
 * @param most the greatest epsilon, to which a new range reaches
 */
export function rangeWith(range: Range | null, end: 0 | 1, epsilon: number, most: number): Range {
  const [from, to] = range ?? [0, most];
  return end === 0 ? [epsilon, Math.max(epsilon, to)] : [Math.min(from, epsilon), epsilon];
}

/** The range between two places on the axis: ends near a tick are on it, others have four digits. */
export function rangeBetween(axis: Axis, a: number, b: number, reach: number): Range {
  const [from, to] = [a, b].map((place) => {
    const epsilon = snap(axis, place, reach);
    // A tick's own digits all count: rounded down it would leave those out that flip there.
    return axis.ticks.includes(epsilon) ? epsilon : Number(epsilon.toPrecision(4));
  }) as [number, number];
  return from <= to ? [from, to] : [to, from];
}
