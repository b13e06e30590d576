// What a run's robust accuracy is to be compared with, where its record has it. Pure functions.

import type { Record } from "./record";
import { accuracyAt } from "./run";

export interface Comparison {
  readonly name: "randomNoise" | "plainFgsm" | "stronger";
  readonly accuracies: (epsilon: number) => number | null;
  /** Of how many samples, where they are few of the record's. */
  readonly count?: number;
}

/**
 * As much noise in random directions, plain FGSM beside a stronger attack, and what of a few samples
 * holds against a stronger attack beside FGSM.
 */
export function comparisons(record: Record | null | undefined): Comparison[] {
  if (!record) return [];
  const kinds = [
    ["randomNoise", record.control_accuracy],
    ["plainFgsm", record.reference_accuracy],
  ] as const;
  const found: Comparison[] = kinds.flatMap(([name, logged]) => {
    if (!logged) return [];
    const curve = { ...record, robust_accuracy: logged };
    return [{ name, accuracies: (epsilon: number) => accuracyAt(curve, epsilon) }];
  });
  const { check, epsilons } = record;
  if (!check) return found;
  const { count } = check;
  // Nothing is known of the few when clean, unless 0 was logged.
  const accuracies = (epsilon: number) => {
    const held = check.held[epsilons.indexOf(epsilon)];
    return held === undefined ? null : held / count;
  };
  return [...found, { name: "stronger", accuracies, count }];
}

/** How the lines are dashed that are drawn for comparison, in the focused run's colour. */
export const DASHES = { randomNoise: [5, 4], plainFgsm: [1.5, 3], stronger: [9, 3] };
