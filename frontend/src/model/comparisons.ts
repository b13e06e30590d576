// What a run's robust accuracy is to be compared with, where its record has it. Pure functions.

import type { Record } from "./record";
import { accuracyAt } from "./run";

export interface Comparison {
  readonly name: "randomNoise" | "plainFgsm";
  readonly accuracies: (epsilon: number) => number | null;
}

/** As much noise in random directions, and plain FGSM beside a stronger attack. */
export function comparisons(record: Record | null | undefined): Comparison[] {
  if (!record) return [];
  const kinds = [
    ["randomNoise", record.control_accuracy],
    ["plainFgsm", record.reference_accuracy],
  ] as const;
  return kinds.flatMap(([name, logged]) => {
    if (!logged) return [];
    const curve = { ...record, robust_accuracy: logged };
    return [{ name, accuracies: (epsilon: number) => accuracyAt(curve, epsilon) }];
  });
}

/** How the lines are dashed that are drawn for comparison, in the focused run's colour. */
export const DASHES = { randomNoise: [5, 4], plainFgsm: [1.5, 3] };
