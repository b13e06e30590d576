// The epsilon axis, which the chart, its slider and the sparks share: where an epsilon lies, from
// 0 at the left end to 1 at the right one. Pure functions.

export type Spacing = "log" | "linear";

export interface Axis {
  readonly spacing: Spacing;
  /** Where predictions are known, increasing: 0 (the clean picture) and each logged epsilon. */
  readonly ticks: readonly number[];
  /** Whether its epsilons read best as decimals (.1, .2, .3) and not in 255ths. */
  readonly decimals: boolean;
  /** The epsilon at the right end. */
  readonly max: number;
  /** From an epsilon to its place on the axis, in [0, 1]. */
  readonly place: (epsilon: number) => number;
  /** From a place on the axis to its epsilon. */
  readonly epsilon: (place: number) => number;
}

/** How far an axis reaches on which nothing but 0 was logged. */
const REACH_OF_ZERO = 8 / 255;

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** How uneven a sequence's gaps are: their standard deviation over their mean. */
function unevenness(values: readonly number[]): number {
  const gaps = values.slice(1).map((value, i) => value - (values[i] as number));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  return Math.sqrt(variance) / mean;
}

/** The spacing in which these epsilons (any order) lie the more evenly; linear on a tie. */
export function naturalSpacing(epsilons: readonly number[]): Spacing {
  const ticks = positive(epsilons);
  if (ticks.length < 2) return "linear";
  return unevenness([0, ...ticks]) <= unevenness(ticks.map(Math.log2)) + 1e-9 ? "linear" : "log";
}

/** The axis for these logged epsilons (any order). */
export function makeAxis(epsilons: readonly number[], spacing: Spacing): Axis {
  const logged = positive(epsilons);
  const ticks = [0, ...logged];
  const min = logged[0] ?? REACH_OF_ZERO;
  const max = logged.at(-1) ?? REACH_OF_ZERO;
  const decimals = logged.length > 0 && logged.every(isRound);
  if (spacing === "linear") {
    const place = (epsilon: number) => clamp(epsilon / max);
    return { spacing, ticks, decimals, max, place, epsilon: (place) => clamp(place) * max };
  }
  // A logarithm never reaches 0: 0 lies one octave left of the smallest epsilon, and that first
  // octave alone is linear.
  const octaves = Math.log2(max / min) + 1;
  return {
    spacing,
    ticks,
    decimals,
    max,
    place: (epsilon) =>
      clamp((epsilon < min ? epsilon / min : Math.log2(epsilon / min) + 1) / octaves),
    epsilon: (place) => {
      const octave = clamp(place) * octaves;
      return octave < 1 ? octave * min : Math.min(max, min * 2 ** (octave - 1));
    },
  };
}

/** The tick within `reach` of a place, or the epsilon at the place itself. */
export function snap(axis: Axis, place: number, reach: number): number {
  let nearest = 0;
  for (const tick of axis.ticks) {
    if (Math.abs(axis.place(tick) - place) < Math.abs(axis.place(nearest) - place)) nearest = tick;
  }
  return Math.abs(axis.place(nearest) - place) <= reach ? nearest : axis.epsilon(place);
}

/** The tick after (1) or before (-1) an epsilon; the last or first one where there is none. */
export function nextTick(axis: Axis, epsilon: number, direction: 1 | -1): number {
  const { ticks } = axis;
  return direction > 0
    ? (ticks.find((tick) => tick > epsilon) ?? axis.max)
    : (ticks.findLast((tick) => tick < epsilon) ?? 0);
}

/** Whether an epsilon has two decimals at most. */
function isRound(epsilon: number): boolean {
  return Math.abs(epsilon * 100 - Math.round(epsilon * 100)) < 1e-9;
}

/** The positive epsilons among these, increasing and each once. */
function positive(epsilons: readonly number[]): number[] {
  return [...new Set(epsilons)].filter((epsilon) => epsilon > 0).sort((a, b) => a - b);
}
