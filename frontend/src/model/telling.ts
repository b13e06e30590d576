// A curve in words: what who sees it would note. Pure functions.

import { percent } from "./format";

/** A part of a curve along which it is, rounded, one number. */
export interface Stretch {
  /** The epsilon it begins at; 0 without attack. */
  readonly from: number;
  readonly value: string;
  /** Whether it goes on to the end, for more than one epsilon. */
  readonly on: boolean;
}

/** How many stretches a listener follows. */
const MOST = 6;

/**
 * A curve from 0 on as a few stretches: each change of the rounded percentage begins one, and of many
 * the first, the last and some between are told.
 */
export function stretches(
  clean: number,
  epsilons: readonly number[],
  shares: readonly number[],
): Stretch[] {
  const points = [
    { from: 0, value: percent(clean, 0) },
    ...epsilons
      .map((from, i) => ({ from, value: percent(shares[i] ?? 0, 0) }))
      .filter(({ from }) => from > 0),
  ];
  const starts = points.flatMap(({ value }, i) => (points[i - 1]?.value === value ? [] : [i]));
  const told = starts.length <= MOST ? starts : evenly(starts);
  return told.map((i) => {
    const { from, value } = points[i] as { from: number; value: string };
    const last = i === starts.at(-1);
    return { from, value, on: last && i < points.length - 1 };
  });
}

function evenly(starts: readonly number[]): number[] {
  return Array.from(
    { length: MOST },
    (_, i) => starts[Math.round((i * (starts.length - 1)) / (MOST - 1))] as number,
  );
}
