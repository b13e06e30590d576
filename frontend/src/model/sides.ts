// Where a sample may be found once more: in the other runs, and at other steps. Pure functions.

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
  readonly kind: "run" | "step";
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
}

/** The steps over which the focused run's samples are followed; none unless they are. */
export function stagesOf({ sample }: Selection, asked: Asked): StepKey[] {
  if (sample === null) return [];
  const { run, tag, step, own } = asked;
  const current = own.findLast((each) => each.step <= step)?.step ?? null;
  return spread(own, current).map((each) => ({ run, tag, step: each }));
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

/** A run or another step of it, and what there is of that. */
export function sideOf(
  { name, short, colour, mark, step, focused }: Shown,
  key: StepKey,
  kind: Side["kind"],
  found: Pick<Side, "stamp" | "record" | "error"> | null,
): Side {
  const { stamp = "", record = null, error = null } = found ?? {};
  const current = focused && key.step === step;
  return { key, kind, name, short, colour, mark, current, stamp, record, error };
}

/** Whether two sides show the same. */
export function sameSide(a: Side, b: Side): boolean {
  return (Object.keys(a) as (keyof Side)[]).every((field) =>
    field === "key" ? JSON.stringify(a.key) === JSON.stringify(b.key) : a[field] === b[field],
  );
}
