// The samples of a step: their state at an epsilon, and which of them are shown in which order. Pure
// functions.

import { harmless } from "./format";
import type { Prediction, Record, Sample } from "./record";

/** A sample's state at an epsilon: wrong already when clean, flipped, or still right. */
export type SampleState = "flipped" | "right" | "wrong";

export type Show = "all" | SampleState;
export const SHOWS: readonly Show[] = ["all", "flipped", "right", "wrong"];

export type Sort = "logged" | "confidence" | "flip" | "loss";
export const SORTS: readonly Sort[] = ["logged", "confidence", "flip", "loss"];

/** Whether some of a step's samples were logged without pictures. */
export function partlyPictured({ samples, count }: Record): boolean {
  return samples.length < count;
}

/** Whether the model is right on the original. */
export function correct(sample: Sample): boolean {
  return sample.clean.classes[0] === sample.label;
}

/**
 * A sample's state by the predictions at a place among the logged epsilons (-1: clean). Under a
 * targeted attack a sample is flipped where the model says the target, and else still right.
 */
export function stateOf(sample: Sample, index: number): SampleState {
  if (!correct(sample)) return "wrong";
  const said = predictionAt(sample, index).classes[0];
  const { label, target } = sample;
  const fooled = target == null ? said !== label : said === target && target !== label;
  return fooled ? "flipped" : "right";
}

/** The place of the smallest logged epsilon that flips a sample; Infinity where none does. */
export function firstFlip(sample: Sample): number {
  const index = sample.adversarial.findIndex((_, i) => stateOf(sample, i) === "flipped");
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

/**
 * The smallest epsilon known to flip a sample: between the logged ones where the logger searched
 * there, else one of them; Infinity where none does.
 */
export function flipEpsilon(
  { attack, epsilons }: Pick<Record, "attack" | "epsilons">,
  sample: Sample,
): number {
  if (attack.refine) return sample.flip_epsilon ?? Number.POSITIVE_INFINITY;
  return epsilons[firstFlip(sample)] ?? Number.POSITIVE_INFINITY;
}

export type Counts = { readonly [state in Show]: number };

/** Which samples are shown, and in which order. */
export interface Filter {
  readonly show: Show;
  /** The only true class. */
  readonly label: number | null;
  /** The only class among those that the model says at the epsilon. */
  readonly predicted: number | null;
  /** What the name of the true or the predicted class, or the sample's number, must contain. */
  readonly text: string;
  /** Between which epsilons a sample flips for the first time. */
  readonly flips: Range | null;
  readonly sort: Sort;
  /** Whether the order is the other way round. */
  readonly reversed: boolean;
}

/** From one number to another, both included. */
export type Range = readonly [number, number];

/** What keeps samples back, whatever their order. */
export type Sieve = Omit<Filter, "sort" | "reversed">;

/** What the model says of a sample at a place among the logged epsilons (-1: clean). */
export function predictionAt(sample: Sample, index: number): Prediction {
  return sample.adversarial[index] ?? sample.clean;
}

/** From a class to the name by which the reader knows it. */
export type Namer = (label: number) => string;

/** Which filters a sample passes, each by itself. */
interface Passed {
  readonly show: boolean;
  readonly label: boolean;
  readonly predicted: boolean;
  readonly text: boolean;
  readonly flips: boolean;
}

/** Tells of each sample which of the filters it passes at a place among the logged epsilons. */
function sieve(
  record: Pick<Record, "attack" | "epsilons">,
  index: number,
  { show, label, predicted, text, flips }: Sieve,
  named: Namer,
): (sample: Sample) => Passed {
  const wanted = text.trim().toLowerCase();
  // A name is looked through once, and not for each sample that has it.
  const known = new Map<number, boolean>();
  const contains = (number: number) => {
    const found = known.get(number) ?? named(number).toLowerCase().includes(wanted);
    known.set(number, found);
    return found;
  };
  return (sample) => {
    const [said] = predictionAt(sample, index).classes;
    const number = String(sample.index);
    return {
      show: show === "all" || stateOf(sample, index) === show,
      label: label === null || sample.label === label,
      predicted: predicted === null || said === predicted,
      text:
        wanted === "" ||
        wanted === number ||
        wanted === `#${number}` ||
        contains(sample.label) ||
        contains(said),
      flips: flips === null || within(flips, correct(sample) ? flipEpsilon(record, sample) : null),
    };
  };
}

function within([from, to]: Range, epsilon: number | null): boolean {
  return epsilon !== null && from <= epsilon && epsilon <= to;
}

/** How many samples each choice of a filter would show, the other filters being as they are. */
export interface Facets {
  readonly states: Counts;
  /** By true class, where there are any. */
  readonly labels: ReadonlyMap<number, number>;
  /** By predicted class, where there are any. */
  readonly predicted: ReadonlyMap<number, number>;
}

export function countFacets(
  record: Pick<Record, "attack" | "epsilons" | "samples"> | null | undefined,
  index: number,
  filter: Sieve,
  named: Namer,
): Facets {
  const states = { all: 0, flipped: 0, right: 0, wrong: 0 };
  const labels = new Map<number, number>();
  const predicted = new Map<number, number>();
  const count = (counts: Map<number, number>, number: number) =>
    counts.set(number, (counts.get(number) ?? 0) + 1);
  if (!record) return { states, labels, predicted };
  const passed = sieve(record, index, filter, named);
  for (const sample of record.samples) {
    const by = passed(sample);
    if (!by.flips) continue;
    if (by.label && by.predicted && by.text) {
      states.all++;
      states[stateOf(sample, index)]++;
    }
    if (by.show && by.predicted && by.text) count(labels, sample.label);
    if (by.show && by.label && by.text) count(predicted, predictionAt(sample, index).classes[0]);
  }
  return { states, labels, predicted };
}

/** Whether any filter keeps samples back. */
export function filtering({ show, label, predicted, text, flips }: Sieve): boolean {
  const chosen = label !== null || predicted !== null || flips !== null;
  return show !== "all" || chosen || text.trim() !== "";
}

/** The filters that let everything pass. */
export const EVERYTHING: Sieve = {
  show: "all",
  label: null,
  predicted: null,
  text: "",
  flips: null,
};

/**
 * The positions of the samples that pass the filters, in the wanted order.
 *
 * @param unnamed names a class that has no name of its own
 */
export function arrange(record: Record, index: number, filter: Filter, unnamed: Namer): number[] {
  const { samples } = record;
  const { sort, reversed } = filter;
  const passed = sieve(record, index, filter, namer(record, unnamed));
  const positions = [...samples.keys()].filter((at) => {
    const by = passed(samples[at] as Sample);
    return by.show && by.label && by.predicted && by.text && by.flips;
  });
  if (sort === "logged") return reversed ? positions.reverse() : positions;
  const rank = samples.map(RANKS[sort](index, record));
  const sign = reversed ? -1 : 1;
  // A stable sort: equals stay as logged. Infinity - Infinity is NaN, which counts as equal.
  return positions.sort((a, b) => sign * ((rank[a] as number) - (rank[b] as number)) || 0);
}

/** For each order: from the predictions in use to a sample's rank, the smallest first. */
const RANKS: {
  [sort in Exclude<Sort, "logged">]: (index: number, record: Record) => (sample: Sample) => number;
} = {
  confidence: () => (sample) => -(sample.clean.probabilities[0] ?? 0),
  flip: (_, record) => (sample) =>
    correct(sample) ? flipEpsilon(record, sample) : Number.POSITIVE_INFINITY,
  loss: (index) => (sample) => {
    const now = predictionAt(sample, index);
    return now.label_probability - sample.clean.label_probability;
  },
};

/**
 * The smallest known epsilon at which at least half of the samples that were right when clean have
 * flipped: Infinity where none is enough, null where no sample was right. Where some have no
 * pictures, and nobody knows at which epsilon each of them flips, it is the smallest logged one at
 * which half of all are flipped.
 */
export function medianFlip(record: Record): number | null {
  if (partlyPictured(record)) return halfFlipped(record);
  const flips = record.samples.filter(correct).map((sample) => flipEpsilon(record, sample));
  flips.sort((a, b) => (a === b ? 0 : a - b));
  return flips[Math.ceil(flips.length / 2) - 1] ?? null;
}

function halfFlipped({ clean_accuracy, success_rate, epsilons }: Record): number | null {
  if (clean_accuracy === 0 || !success_rate) return null;
  const index = success_rate.findIndex((share) => share >= 0.5);
  return epsilons[index] ?? Number.POSITIVE_INFINITY;
}

/** A class's name, or null where the user gave none. */
export function className(record: Record | null | undefined, number: number): string | null {
  const name = record?.class_names?.[number];
  return name ? harmless(name) : null;
}

/** Names a record's classes, those without a name by their number. */
export function namer(record: Record | null | undefined, unnamed: Namer): Namer {
  return (number) => className(record, number) ?? unnamed(number);
}
