// What the samples are compared with: other runs, another step, another tag, or the steps of the
// training in turn. Pure functions.

import type { Record } from "./record";
import type { Failure, Step, StepKey } from "./run";
import type { Mark, Selection } from "./selection";

/** One step of one tag of one run, beside others that have the same samples. */
export interface Side {
  readonly key: StepKey;
  /** Names its record among all; empty before its steps are known. */
  readonly stamp: string;
  /** Null while it is on its way, and where it cannot be had. */
  readonly record: Record | null;
  readonly error: Failure | null;
  /** What tells it from the others. */
  readonly kind: "run" | "step" | "tag";
  /** Its run's name, and what of that tells it from other runs. */
  readonly name: string;
  readonly short: string;
  /** The name of the variable that has its run's colour, and the shape of its mark. */
  readonly colour: string;
  readonly mark: Mark;
  /** Whether it is what the grid is of. */
  readonly current: boolean;
}

/** How many steps of a training are shown side by side. */
export const MOST_STEPS = 10;

/** Some of a run's steps, evenly spread: with the first, the last and the current one. */
export function spread(own: readonly Step[], current: number | null, most = MOST_STEPS): number[] {
  const steps = own.map(({ step }) => step);
  if (steps.length <= most) return steps;
  const last = steps.length - 1;
  const chosen = Array.from({ length: most }, (_, i) => Math.round((i * last) / (most - 1)));
  const at = current === null ? -1 : steps.indexOf(current);
  if (at >= 0 && !chosen.includes(at)) {
    // In the place of the nearest, but for the ends.
    const inner = chosen.slice(1, -1);
    const near = inner.reduce((a, b) => (Math.abs(b - at) < Math.abs(a - at) ? b : a));
    chosen[chosen.indexOf(near)] = at;
  }
  return chosen.sort((a, b) => a - b).map((place) => steps[place] as number);
}

/** What of a run is to be compared with what the grid is of. */
interface Asked {
  readonly run: string;
  readonly tag: string;
  /** The step that is read. */
  readonly step: number;
  /** The run's own steps under the tag. */
  readonly own: readonly Step[];
  /** All tags of the run. */
  readonly tags: readonly string[];
}

/** The steps over which the focused run's samples are followed; none unless they are. */
export function stagesOf({ shape, sample }: Selection, asked: Asked): StepKey[] {
  if (shape !== "time" && sample === null) return [];
  const { run, tag, step, own } = asked;
  const current = own.findLast((each) => each.step <= step)?.step ?? null;
  return spread(own, current).map((each) => ({ run, tag, step: each }));
}

/** The step or tag that the focused run's samples are compared with; null for other runs, or none. */
export function comparedWith(selection: Selection, asked: Asked): StepKey | null {
  const { run, tag, step, own, tags } = asked;
  if (selection.shape !== "compare" || selection.against === "runs") return null;
  if (selection.against === "step") {
    const other = otherStep(selection, own, step);
    return other === null ? null : { run, tag, step: other };
  }
  const other = otherTag(selection, tag, tags);
  return other === null ? null : { run, tag: other, step };
}

/** A run that may have a step to show. */
type Shown = Pick<Side, "stamp" | "record" | "error" | "name" | "short" | "colour" | "mark"> & {
  readonly step: number | null;
  readonly focused: boolean;
  readonly drawn: boolean;
};

/** The drawn runs that have a step to show, the focused one first. */
export function runSides(tag: string, runs: readonly Shown[]): Side[] {
  return runs
    .filter(({ drawn, step }) => drawn && step !== null)
    .sort((a, b) => Number(b.focused) - Number(a.focused))
    .map((run) => sideOf(run, { run: run.name, tag, step: run.step ?? 0 }, "run", run));
}

/** What there is of a step, and which one it is: the one asked for, or the nearest earlier one. */
type Found = Pick<Side, "stamp" | "record" | "error"> & { readonly step: number | null };

/** Another step or tag of a run, and what there is of it. */
export function sideOf(
  { name, short, colour, mark, step, focused }: Shown,
  asked: StepKey,
  kind: Side["kind"],
  found: Found | null,
): Side {
  const { stamp = "", record = null, error = null } = found ?? {};
  const key = { ...asked, step: found?.step ?? asked.step };
  const current = focused && key.step === step && kind !== "tag";
  return { key, kind, name, short, colour, mark, current, stamp, record, error };
}

/** Whether two sides show the same. */
export function sameSide(a: Side, b: Side): boolean {
  return (Object.keys(a) as (keyof Side)[]).every((field) =>
    field === "key" ? JSON.stringify(a.key) === JSON.stringify(b.key) : a[field] === b[field],
  );
}

/** The step that one is compared with: the chosen one if the run has it, else its first, or last. */
export function otherStep(selection: Selection, own: readonly Step[], step: number): number | null {
  const chosen = own.find((each) => each.step === selection.otherStep);
  const shown = own.findLast((each) => each.step <= step);
  const usual = shown === own[0] ? own.at(-1) : own[0];
  return (chosen ?? usual)?.step ?? null;
}

/** The tag that another is compared with: the chosen one if the run has it, else another of its. */
export function otherTag(
  selection: Selection,
  tag: string,
  tags: readonly string[],
): string | null {
  const { otherTag: chosen } = selection;
  if (chosen !== null && chosen !== tag && tags.includes(chosen)) return chosen;
  return tags.find((each) => each !== tag) ?? null;
}
