// What there is of a run: its tags, its steps and each step's accuracies; or why it cannot be had.

import type { Check, Record } from "./record";

/** A run and the tags under which it logged. */
export interface Run {
  readonly run: string;
  readonly tags: readonly string[];
}

export interface Listing {
  /** How many steps TensorBoard keeps of a tag; 0 means all. */
  readonly kept: number;
  readonly runs: readonly Run[];
}

export interface Step {
  readonly step: number;
  readonly wall_time: number;
}

/** Names one step of one tag of one run. */
export interface StepKey {
  readonly run: string;
  readonly tag: string;
  readonly step: number;
}

/** What a record says of its whole batch, in short. */
export type Accuracies = Pick<
  Record,
  "epsilons" | "clean_accuracy" | "robust_accuracy" | "count" | "alignment"
> & {
  /** What a stronger attack left of a few samples. */
  readonly check?: Pick<Check, "name" | "count" | "held"> | null;
  /** Whether the training had overfitted to the attack. */
  readonly overfitted?: true;
};

/** A step's accuracies over its whole batch: those of its record, without the samples. */
export type Curve = Step & Accuracies;

/** What a record says of its whole batch, as the server tells it. */
export function accuraciesOf(record: Record): Accuracies {
  const { epsilons, clean_accuracy, robust_accuracy, count, alignment, check } = record;
  const overfitted = record.warnings?.some(({ code }) => code === "catastrophic-overfitting");
  return {
    ...{ epsilons, clean_accuracy, robust_accuracy, count },
    ...(alignment ? { alignment } : {}),
    ...(check ? { check: { name: check.name, count: check.count, held: check.held } } : {}),
    ...(overfitted ? { overfitted } : {}),
  };
}

/** Why something could not be had. */
export interface Failure {
  /** The answer's HTTP status; 0 where none came. */
  readonly status: number;
  /** A sentence that is for the reader; empty where the server had none. */
  readonly message: string;
}

/** Whether a record is not damaged, but of a version that this release does not read. */
export function isNewer({ status, message }: Failure): boolean {
  return status === 422 && message.includes("upgrade tensorboard-plugin-fgsm");
}

/** The accuracy at a logged epsilon, or when clean; null where the step has none. */
export function accuracyAt(
  curve: Pick<Curve, "epsilons" | "clean_accuracy" | "robust_accuracy"> | null | undefined,
  epsilon: number,
): number | null {
  const index = curve?.epsilons.indexOf(epsilon) ?? -1;
  if (index < 0 && epsilon === 0) return curve?.clean_accuracy ?? null;
  return curve?.robust_accuracy[index] ?? null;
}
