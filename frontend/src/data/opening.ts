// What is looked at first, asked for in one question as soon as the page begins: with one for each
// part, the reader would wait for each. The page asks as always, and by a part's own route for what
// the answer does not hold.

import type { Record } from "../model/record";
import type { Listing, Step, StepKey } from "../model/run";
import type { Bytes, Source } from "./source";

/** The parts that could be had, of the run, tag and step that the server takes to be meant. */
export interface Opening extends Listing, Partial<StepKey> {
  readonly steps?: Step[];
  readonly record?: Record;
  /** Those of the first sample. */
  readonly pictures?: Bytes[];
  /** How many characters all had together, of which the record is nearly all. */
  readonly size: number;
}

/** Listing, steps, record and pictures. */
const KINDS = 4;

/** A source that answers the first question of each kind from an opening, if it is the one meant. */
export function opened(source: Source, opening: Promise<Opening>): Source {
  let found = opening.catch(() => null);
  const asked = new Set<string>();

  async function first<T>(
    kind: string,
    key: Partial<StepKey>,
    part: (opening: Opening) => T | undefined,
  ): Promise<T | undefined> {
    if (asked.has(kind)) return undefined;
    asked.add(kind);
    const answer = found;
    // It is large, and whoever asked has it.
    if (asked.size === KINDS) found = Promise.resolve(null);
    const known = await answer;
    const names = Object.keys(key) as (keyof StepKey)[];
    return known && names.every((name) => known[name] === key[name]) ? part(known) : undefined;
  }

  return {
    ...source,
    firstSamples: 1,

    listing: async () => (await first("runs", {}, (all) => all)) ?? source.listing(),

    steps: async (run, tag) =>
      (await first("steps", { run, tag }, ({ steps }) => steps)) ?? source.steps(run, tag),

    record: async (key) =>
      (await first("record", key, ({ record, size }) => record && { record, size })) ??
      source.record(key),

    pictures: async (key, samples, each, signal) => {
      const wanted = samples.length === 1 && samples[0] === 0;
      const held = await first("pictures", key, ({ pictures }) => pictures);
      return wanted && held?.length === each ? [held] : source.pictures(key, samples, each, signal);
    },
  };
}
