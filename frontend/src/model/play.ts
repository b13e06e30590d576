// Where epsilon and step go next while they move by themselves. Pure functions.

import type { Axis } from "./axis";

/** How long epsilon takes over its whole axis, in milliseconds. */
export const LENGTH = 6000;

/** Where epsilon begins to move: where it is, and at the end anew. */
export function firstEpsilon(axis: Axis, epsilon: number): number {
  return epsilon >= axis.max ? 0 : epsilon;
}

/** Epsilon some milliseconds later: it goes along its axis evenly, up to the end. */
export function laterEpsilon(axis: Axis, epsilon: number, elapsed: number): number {
  const place = axis.place(epsilon) + elapsed / LENGTH;
  return place < 1 ? axis.epsilon(place) : axis.max;
}

/** The step to begin with: the one shown, and at the newest the first. */
export function firstStep(steps: readonly number[], step: number | null): number | null {
  const [first = null] = steps;
  return step === null || step === steps.at(-1) ? first : step;
}

/** The step after one; null after the newest. */
export function laterStep(steps: readonly number[], step: number): number | null {
  return steps.find((each) => each > step) ?? null;
}
