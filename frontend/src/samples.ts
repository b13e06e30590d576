// The samples of a step: their state at an epsilon, and which of them are shown in which order. Pure
// functions.

import type { Prediction, Record, Sample } from "./api";

/** A sample's state at an epsilon: wrong already when clean, flipped, or still right. */
export type SampleState = "flipped" | "right" | "wrong";

export type Show = "all" | SampleState;
export const SHOWS: readonly Show[] = ["all", "flipped", "right", "wrong"];

export type Sort = "logged" | "confidence" | "flip" | "loss";
export const SORTS: readonly Sort[] = ["logged", "confidence", "flip", "loss"];

/** Whether the model is right on the original. */
export function correct(sample: Sample): boolean {
  return sample.clean.classes[0] === sample.label;
}

/** A sample's state by the predictions at a place among the logged epsilons (-1: clean). */
export function stateOf(sample: Sample, index: number): SampleState {
  if (!correct(sample)) return "wrong";
  return predictionAt(sample, index).classes[0] === sample.label ? "right" : "flipped";
}

/** The place of the smallest logged epsilon that flips a sample; Infinity where none does. */
export function firstFlip(sample: Sample): number {
  const index = sample.adversarial.findIndex((_, i) => stateOf(sample, i) === "flipped");
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

export type Counts = { readonly [state in Show]: number };

export function countStates(samples: readonly Sample[], index: number): Counts {
  const counts = { all: samples.length, flipped: 0, right: 0, wrong: 0 };
  for (const sample of samples) counts[stateOf(sample, index)]++;
  return counts;
}

/** Which samples are shown, and in which order. */
export interface Filter {
  readonly show: Show;
  /** The only true class. */
  readonly label: number | null;
  /** The only class among those that the model says at the epsilon. */
  readonly predicted: number | null;
  /** What the name of the true or the predicted class, or the sample's number, must contain. */
  readonly text: string;
  readonly sort: Sort;
}

/** What the model says of a sample at a place among the logged epsilons (-1: clean). */
export function predictionAt(sample: Sample, index: number): Prediction {
  return sample.adversarial[index] ?? sample.clean;
}

/** Whether a sample passes the filters. */
export function passes(
  record: Record,
  sample: Sample,
  index: number,
  { show, label, predicted, text }: Omit<Filter, "sort">,
): boolean {
  return (
    (show === "all" || stateOf(sample, index) === show) &&
    (label === null || sample.label === label) &&
    (predicted === null || predictionAt(sample, index).classes[0] === predicted) &&
    contains(record, sample, index, text.trim().toLowerCase())
  );
}

function contains(record: Record, sample: Sample, index: number, text: string): boolean {
  if (text === "" || text === String(sample.index)) return true;
  return [sample.label, predictionAt(sample, index).classes[0]].some((number) =>
    (className(record, number) ?? String(number)).toLowerCase().includes(text),
  );
}

/** The positions of the samples that pass the filters, in the wanted order. */
export function arrange(record: Record, index: number, filter: Filter): number[] {
  const { samples } = record;
  const { sort } = filter;
  const positions = [...samples.keys()].filter((at) =>
    passes(record, samples[at] as Sample, index, filter),
  );
  if (sort === "logged") return positions;
  const rank = samples.map(RANKS[sort](index));
  // A stable sort: equals stay as logged. Infinity - Infinity is NaN, which counts as equal.
  return positions.sort((a, b) => (rank[a] as number) - (rank[b] as number) || 0);
}

/** For each order: from the predictions in use to a sample's rank, the smallest first. */
const RANKS: { [sort in Exclude<Sort, "logged">]: (index: number) => (sample: Sample) => number } =
  {
    confidence: () => (sample) => -(sample.clean.probabilities[0] ?? 0),
    flip: () => (sample) => (correct(sample) ? firstFlip(sample) : Number.POSITIVE_INFINITY),
    loss: (index) => (sample) => {
      const now = predictionAt(sample, index);
      return now.label_probability - sample.clean.label_probability;
    },
  };

/**
 * The smallest logged epsilon at which at least half of the samples that were right when clean have
 * flipped: Infinity where no logged epsilon is enough, null where none was right.
 */
export function medianFlip(record: Record): number | null {
  const flips = record.samples.filter(correct).map(firstFlip);
  if (flips.length === 0) return null;
  flips.sort((a, b) => (a === b ? 0 : a - b));
  const middle = flips[Math.ceil(flips.length / 2) - 1] as number;
  return record.epsilons[middle] ?? Number.POSITIVE_INFINITY;
}

/** The true classes of the samples, increasing. */
export function trueClasses(samples: readonly Sample[]): number[] {
  return [...new Set(samples.map((sample) => sample.label))].sort((a, b) => a - b);
}

/** The classes that the model says at a place among the logged epsilons, increasing. */
export function predictedClasses(samples: readonly Sample[], index: number): number[] {
  const classes = samples.map((sample) => predictionAt(sample, index).classes[0]);
  return [...new Set(classes)].sort((a, b) => a - b);
}

/** A class's name, or null where the user gave none. */
export function className(record: Record | null | undefined, number: number): string | null {
  return record?.class_names?.[number] || null;
}
