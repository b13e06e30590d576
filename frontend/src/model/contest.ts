// The same samples under several sides: how often each is right, and on which samples they disagree.
// Pure functions.

import { partnerOf } from "./partners";
import { predictionAt } from "./samples";
import { loggedAt } from "./selection";
import type { Side } from "./sides";

export interface Contest {
  /** The sides whose records are here, the grid's own first. */
  readonly sides: readonly Side[];
  /** Whether another's record is on its way. */
  readonly waiting: boolean;
  /** How many of the grid's samples all of them have. */
  readonly common: number;
  /** On how many of these each is right. */
  readonly right: readonly number[];
  /** The places of the grid's samples that another has, or may have once its record is here. */
  readonly paired: ReadonlySet<number>;
  /** How many no other has. */
  readonly alone: number;
  /** The places of those on which one is right and another is not. */
  readonly split: ReadonlySet<number>;
}

/** What is known of the sides at an epsilon; null before the grid's own record is here. */
export function contestOf(all: readonly Side[], epsilon: number): Contest | null {
  const [own, ...others] = all;
  if (!own?.record) return null;
  const { record } = own;
  const waiting = others.some((side) => !side.record && !side.error);
  const sides = all.filter((side) => side.record);
  const right = sides.map(() => 0);
  const [paired, split] = [new Set<number>(), new Set<number>()];
  let common = 0;
  const judges = sides.map((side) => judge(side, epsilon));
  for (const position of record.samples.keys()) {
    const judged = sides.map((side, i) => {
      const place = partnerOf(record, position, side.record ?? record);
      return place === null ? null : (judges[i]?.(place) ?? null);
    });
    const known = judged.filter((each) => each !== null);
    if (known.length > 1 || waiting) paired.add(position);
    if (known.includes(true) && known.includes(false)) split.add(position);
    if (known.length < sides.length) continue;
    common++;
    for (const [i, each] of judged.entries()) if (each) right[i] = (right[i] ?? 0) + 1;
  }
  const alone = record.samples.length - paired.size;
  return { sides, waiting, common, right, paired, alone, split };
}

/** Tells whether a side is right on a sample of its own at an epsilon. */
function judge({ record }: Side, epsilon: number): (place: number) => boolean | null {
  if (!record) return () => null;
  const { index } = loggedAt(record.epsilons, epsilon);
  return (place) => {
    const sample = record.samples[place];
    return sample ? predictionAt(sample, index).classes[0] === sample.label : null;
  };
}

/** The same of all that an epsilon changes: it says the same for as long as these do. */
export function footing(all: readonly Side[], epsilon: number): string {
  return all.map(({ record }) => record && loggedAt(record.epsilons, epsilon).index).join();
}

/** A side and on how many of the common samples it is right. */
export interface Score {
  readonly side: Side;
  readonly right: number;
}

/** The sides by how often they are right, the best first. */
export function ranked({ sides, right }: Contest): Score[] {
  return scores(sides, right).sort((a, b) => b.right - a.right);
}

/** The sides as they stand, with how often they are right. */
export function scores(sides: readonly Side[], right: readonly number[]): Score[] {
  return sides.map((side, i) => ({ side, right: right[i] ?? 0 }));
}

/**
 * Of two sides: on how many samples only the first is right, and on how many only the second. They
 * disagree on these and no others, and are as far apart as the one number is from the other.
 */
export function oneSided({ right, split }: Contest): [first: number, second: number] {
  const [first = 0, second = 0] = right;
  const only = (split.size + first - second) / 2;
  return [only, split.size - only];
}

/** How many percentage points a number of the common samples is. */
export function points(by: number, common: number): number {
  return common === 0 ? 0 : Math.round((100 * by) / common);
}

/** What a stronger attack leaves of each run's samples at an epsilon, where all of several tell. */
export function checkedAt(
  sides: readonly Side[],
  epsilon: number,
): { readonly side: Side; readonly held: number; readonly count: number }[] {
  const told = sides.flatMap((side) => {
    const { check, epsilons } = side.record ?? {};
    const held = check?.held[epsilons?.indexOf(epsilon) ?? -1];
    return check && held !== undefined ? [{ side, held, count: check.count }] : [];
  });
  return told.length === sides.length && sides.length > 1 ? told : [];
}
