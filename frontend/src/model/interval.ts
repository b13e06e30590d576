// How sure a share of few samples is: Wilson's interval. Pure functions.

import { percent } from "./format";

/** Of the normal distribution: 95 % lie as far from its mean or nearer. */
const QUANTILE = 1.959963984540054;

/** The bounds of the 95 % interval of a share of so many samples, each in [0, 1]. */
export function wilson(share: number, count: number): [number, number] {
  const weight = QUANTILE ** 2 / count;
  const middle = (share + weight / 2) / (1 + weight);
  const half = Math.sqrt(weight * (share * (1 - share) + weight / 4)) / (1 + weight);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Between which shares it lies, as text: "24.5–61.2 %". */
export function between(share: number, count: number): string {
  const [low, high] = wilson(share, count);
  return `${(100 * low).toFixed(1)}–${percent(high)}`;
}
