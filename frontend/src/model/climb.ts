// How the loss went along an attack's steps, in a few numbers.

/** From this share of its rise on, a loss has levelled off. */
const LEVEL = 0.95;

export interface Climbed {
  readonly steps: number;
  /** After how many steps the loss had levelled off; null where it rises still. */
  readonly level: number | null;
  /** How many steps are the last quarter of them, and which share of its rise the loss made in them. */
  readonly last: number;
  readonly late: number;
}

/**
 * What became of losses at an attack's start and after each of its steps; null where they have not
 * risen. That it rises still is told as Python's logger does, by step_counts.py.
 */
export function climbed(losses: readonly number[]): Climbed | null {
  const steps = losses.length - 1;
  const start = losses[0] ?? 0;
  const end = losses[steps] ?? 0;
  const rise = end - start;
  if (!(rise > 0)) return null;
  const last = Math.max(1, Math.floor((steps + 1) / 4));
  const late = (end - (losses[steps - last] ?? 0)) / rise;
  if (late > (0.5 * last) / steps) return { steps, level: null, last, late };
  const low = losses.findLastIndex((loss) => loss < start + LEVEL * rise);
  return { steps, level: low + 1, last, late };
}

/** The points of a line through losses, in a box of a width and a height. */
export function climbPoints(losses: readonly number[], width: number, height: number): string {
  const low = Math.min(...losses);
  return line(losses, low, Math.max(...losses) - low || 1, width, height);
}

/** The points of a line through shares of all samples: nobody is its foot, and everybody its top. */
export function sharePoints(shares: readonly number[], width: number, height: number): string {
  return line(shares, 0, 1, width, height);
}

function line(
  values: readonly number[],
  low: number,
  range: number,
  width: number,
  height: number,
): string {
  return values
    .map((value, i) => {
      const x = (i / (values.length - 1)) * width;
      const y = (1 - (value - low) / range) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
