// What the reader has selected, and what follows from it. Pure functions: store.ts holds the one
// selection there is, and the data.

import type { Record, Run, Sample } from "./api";
import type { Spacing } from "./scale";

/** A sample's state at an epsilon: wrong already when clean, flipped, or still right. */
export type SampleState = "flipped" | "right" | "wrong";

export type Show = "all" | SampleState;
export const SHOWS: readonly Show[] = ["all", "flipped", "right", "wrong"];

export type Sort = "logged" | "confidence" | "flip" | "loss";
export const SORTS: readonly Sort[] = ["logged", "confidence", "flip", "loss"];

/** The reader's choices; null is "not chosen", and leaves the choice to the dashboard. */
export interface Selection {
  readonly tag: string | null;
  /** The run in focus, whose samples fill the grid. */
  readonly run: string | null;
  /** The runs drawn as lines. */
  readonly runs: readonly string[] | null;
  /** Null follows the newest step. */
  readonly step: number | null;
  readonly epsilon: number | null;
  readonly show: Show;
  /** The only true class to show. */
  readonly label: number | null;
  readonly sort: Sort;
  readonly spacing: Spacing | null;
  /** A card's least width in CSS pixels. */
  readonly size: number;
}

export const SIZES = { least: 280, usual: 470, most: 1060 } as const;

export const UNSELECTED: Selection = {
  tag: null,
  run: null,
  runs: null,
  step: null,
  epsilon: null,
  show: "all",
  label: null,
  sort: "logged",
  spacing: null,
  size: SIZES.usual,
};

/** How many colours there are for runs. */
const COLOURS = 7;

/** The variable of theme.ts with a run's colour, by the run's place among all runs. */
export function colour(place: number): string {
  return `--run-${place % COLOURS}`;
}

/** All tags, in the order in which the runs name them. */
export function allTags(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap((run) => run.tags))];
}

/** The tag that is read: the chosen one, else the first of the chosen run, else the first. */
export function chosenTag(runs: readonly Run[], selection: Selection): string | null {
  const tags = allTags(runs);
  if (selection.tag !== null && tags.includes(selection.tag)) return selection.tag;
  return runs.find((run) => run.run === selection.run)?.tags[0] ?? tags[0] ?? null;
}

/** The names of the runs that are drawn: the chosen ones, else one for each colour there is. */
export function shownRuns(runs: readonly Run[], tag: string, selection: Selection): string[] {
  const withTag = runs.filter((run) => run.tags.includes(tag)).map((run) => run.run);
  const chosen = withTag.filter((run) => selection.runs?.includes(run) || run === selection.run);
  if (selection.runs && chosen.length > 0) return chosen;
  const usual = withTag.slice(0, COLOURS);
  return withTag.filter((run) => usual.includes(run) || run === selection.run);
}

/** The run whose samples fill the grid: the chosen one if it is drawn, else the first drawn. */
export function focusedRun(shown: readonly string[], selection: Selection): string | null {
  const { run } = selection;
  return run !== null && shown.includes(run) ? run : (shown[0] ?? null);
}

/** The steps of several runs as one increasing list. */
export function mergeSteps(lists: Iterable<readonly number[]>): number[] {
  return [...new Set([...lists].flat())].sort((a, b) => a - b);
}

/** The step that stands for the wanted one: itself or the nearest earlier, null before the first. */
export function standIn(steps: readonly number[], wanted: number): number | null {
  return steps.findLast((step) => step <= wanted) ?? null;
}

/** Whose predictions stand for an epsilon's. */
export interface Logged {
  /** Place among the logged epsilons; -1 is the clean picture. */
  readonly index: number;
  /** The epsilon of these predictions: the nearest logged one below, or 0. */
  readonly epsilon: number;
  /** Whether it is the wanted epsilon itself. */
  readonly exact: boolean;
}

/** The predictions that stand for an epsilon: its own, or those of the nearest logged one below. */
export function loggedAt(epsilons: readonly number[], epsilon: number): Logged {
  // The same epsilon may have come by way of the address or a slider's arithmetic.
  const rounding = 1e-9;
  const index = epsilons.findLastIndex((logged) => logged <= epsilon + rounding);
  const below = epsilons[index] ?? 0;
  return { index, epsilon: below, exact: epsilon - below <= rounding };
}

export function robustAccuracy(record: Record, at: Logged): number {
  return record.robust_accuracy[at.index] ?? record.clean_accuracy;
}

/** Whether the model is right on the original. */
function correct(sample: Sample): boolean {
  return sample.clean.classes[0] === sample.label;
}

/** A sample's state by the predictions at a place among the logged epsilons (-1: clean). */
export function stateOf(sample: Sample, index: number): SampleState {
  if (!correct(sample)) return "wrong";
  const prediction = sample.adversarial[index] ?? sample.clean;
  return prediction.classes[0] === sample.label ? "right" : "flipped";
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

/** The positions of the samples that pass the filters, in the wanted order. */
export function arrange(
  samples: readonly Sample[],
  index: number,
  { show, label, sort }: Pick<Selection, "show" | "label" | "sort">,
): number[] {
  const passes = (sample: Sample) =>
    (show === "all" || stateOf(sample, index) === show) &&
    (label === null || sample.label === label);
  const positions = [...samples.keys()].filter((at) => passes(samples[at] as Sample));
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
      const now = sample.adversarial[index] ?? sample.clean;
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

/**
 * The epsilon to begin with, where the model breaks: the smallest logged one that halves the
 * accuracy, or the largest.
 */
export function telling(record: Record): number {
  const half = record.clean_accuracy / 2;
  const index = record.robust_accuracy.findIndex(
    (accuracy, i) => accuracy <= half && (record.epsilons[i] ?? 0) > 0,
  );
  return record.epsilons[index] ?? record.epsilons.at(-1) ?? 0;
}

/** A class's name, or null where the user gave none. */
export function className(record: Record | null | undefined, number: number): string | null {
  return record?.class_names?.[number] || null;
}
