// The same samples in several records: a sample is recognised by the pixels of its original, so that
// runs that logged in another order compare too. Pure functions.

import type { Record } from "./record";

interface Names {
  /** A name for each sample, by its place. */
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

const known = new WeakMap<Record, Names>();

/** The place of a sample of one record among another's; null where it was not logged. */
export function partnerOf(record: Record, position: number, other: Record): number | null {
  if (record === other) return position;
  return namesOf(other).places.get(namesOf(record).names[position] ?? "") ?? null;
}

/** Each sample's name: the checksum of its original, and which of equal ones it is. */
function namesOf(record: Record): Names {
  const before = known.get(record);
  if (before) return before;
  const times = new Map<number, number>();
  const names = record.samples.map(({ checksums: [original] }) => {
    const time = times.get(original) ?? 0;
    times.set(original, time + 1);
    return `${original} ${time}`;
  });
  const made = { names, places: new Map(names.map((name, place) => [name, place])) };
  known.set(record, made);
  return made;
}
