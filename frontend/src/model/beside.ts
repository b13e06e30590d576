// One sample as each of several sides has it: its place there, and what the model says of it at an
// epsilon. Pure functions.

import { partnerOf } from "./partners";
import type { Record, Sample } from "./record";
import type { StepKey } from "./run";
import { type SampleState, stateOf } from "./samples";
import { type Logged, loggedAt } from "./selection";
import type { Side } from "./sides";

/** A sample as a side has it. */
export interface Beside {
  readonly record: Record;
  readonly position: number;
  readonly sample: Sample;
  /** Whose predictions stand for the epsilon: each record has its own logged ones. */
  readonly at: Logged;
  readonly state: SampleState;
}

/** The places of a sample in the sides' records; null where it was not logged, or is on its way. */
export function placesBeside(
  record: Record,
  position: number,
  sides: readonly Side[],
): (number | null)[] {
  return sides.map((side) => side.record && partnerOf(record, position, side.record));
}

/** A sample as each side has it; null where one does not. */
export function beside(
  record: Record,
  position: number,
  sides: readonly Side[],
  epsilon: number,
): (Beside | null)[] {
  return placesBeside(record, position, sides).map((place, i) => {
    const other = sides[i]?.record;
    const sample = place === null ? undefined : other?.samples[place];
    if (!other || !sample || place === null) return null;
    const at = loggedAt(other.epsilons, epsilon);
    return { record: other, position: place, sample, at, state: stateOf(sample, at.index) };
  });
}

/** Some samples of a side, whose pictures are wanted. */
interface Wanted {
  readonly album: { readonly key: StepKey; readonly stamp: string; readonly record: Record };
  readonly positions: readonly number[];
}

/**
 * What these samples of a record are in the other sides, as far as their records are here.
 *
 * @param stamp names the record: the side that is the record itself is none
 */
export function wantedBeside(
  record: Record,
  stamp: string,
  positions: readonly number[],
  sides: readonly Side[],
): Wanted[] {
  return sides.flatMap(({ key, stamp: its, record: other }) => {
    if (!other || its === stamp) return [];
    const places = positions.map((position) => partnerOf(record, position, other));
    const album = { key, stamp: its, record: other };
    return [{ album, positions: places.filter((place) => place !== null) }];
  });
}

/** What came of a sample from one step to the next; null where nothing did, or nobody knows. */
export function turnBetween(before: Beside | null, after: Beside | null): "won" | "lost" | null {
  if (!before || !after) return null;
  const [was, is] = [before.state === "right", after.state === "right"];
  if (was === is) return null;
  return is ? "won" : "lost";
}
