// What the reader has selected, and what follows from it for runs, steps and epsilons. Pure
// functions: store.ts holds the one selection there is, and the data.

import type { Spacing } from "./axis";
import type { Record } from "./record";
import type { Run } from "./run";
import type { Filter } from "./samples";

/**
 * What the large card shows: accuracy by epsilon, by step and epsilon, or by class; where samples lie
 * for the model; or whom examples made on other models fool.
 */
export type Panel = "epsilon" | "training" | "classes" | "embedding" | "transfer";
export const PANELS: readonly Panel[] = ["epsilon", "training", "classes", "embedding", "transfer"];

/**
 * A card's shape: original + noise = adversarial; or the adversarial picture at each logged epsilon,
 * of each run or the like that it is compared with, or at each step.
 */
export type Shape = "triplet" | "strip" | "compare" | "time";
export const SHAPES: readonly Shape[] = ["triplet", "strip", "compare", "time"];

/** What the samples of the focused run are compared with: other runs, a step, or a tag of its own. */
export type Against = "runs" | "step" | "tag";
export const AGAINST: readonly Against[] = ["runs", "step", "tag"];

/** How many times the noise is enlarged for show; null fills the range from black to white. */
export type NoiseScale = number | null;
export const NOISE_SCALES: readonly NoiseScale[] = [null, 1, 10, 50];

/** The reader's choices; null is "not chosen", and leaves the choice to the dashboard. */
export interface Selection extends Filter {
  readonly tag: string | null;
  /** The run in focus, whose samples fill the grid. */
  readonly run: string | null;
  /** The runs drawn as lines. */
  readonly runs: readonly string[] | null;
  /** Null follows the newest step. */
  readonly step: number | null;
  readonly epsilon: number | null;
  readonly panel: Panel;
  readonly spacing: Spacing | null;
  readonly shape: Shape;
  /** What the samples are compared with, and which step or tag that is. */
  readonly against: Against;
  readonly otherStep: number | null;
  readonly otherTag: string | null;
  /** The number of the sample that is looked at closely. */
  readonly sample: number | null;
  readonly noise: NoiseScale;
  /** A card's least width in CSS pixels. */
  readonly size: number;
  /** Whether a pixel of a picture is one of the screen's, whatever the size. */
  readonly trueSize: boolean;
}

export const SIZES = { least: 280, usual: 470, most: 1060 } as const;

export const UNSELECTED: Selection = {
  tag: null,
  run: null,
  runs: null,
  step: null,
  epsilon: null,
  panel: "epsilon",
  show: "all",
  label: null,
  predicted: null,
  text: "",
  flips: null,
  disagree: false,
  sort: "logged",
  reversed: false,
  spacing: null,
  shape: "triplet",
  against: "runs",
  otherStep: null,
  otherTag: null,
  sample: null,
  noise: null,
  size: SIZES.usual,
  trueSize: false,
};

/** How many colours there are for runs. */
const COLOURS = 7;

/** The shape of a run's points: with its colour, 21 runs have a mark that no other has. */
export type Mark = "circle" | "square" | "diamond";
const MARKS: readonly Mark[] = ["circle", "square", "diamond"];

export function mark(place: number): Mark {
  return MARKS[place % MARKS.length] as Mark;
}

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

/** The epsilon of the picture that is shown: of an attack with one each, there is none between. */
export function picturedAt({ pictures }: Record, at: Logged, epsilon: number): number {
  return pictures === "each" ? at.epsilon : epsilon;
}

export function robustAccuracy(record: Record, at: Logged): number {
  return record.robust_accuracy[at.index] ?? record.clean_accuracy;
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
