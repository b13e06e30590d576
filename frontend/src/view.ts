// What the views see of the selection and the data: made anew by store.ts whenever either changes.

import type { Showing } from "./data/library";
import type { Axis } from "./model/axis";
import type { Failure, Listing } from "./model/run";
import type { Logged, Mark } from "./model/selection";
import type { Side } from "./model/sides";
import type { Column } from "./model/training";

/** A run as the views see it. */
export interface RunView extends Showing {
  readonly name: string;
  /** What of the name tells it from the others under the tag. */
  readonly short: string;
  /** The name of the variable that has it. */
  readonly colour: string;
  /** The shape of its points. */
  readonly mark: Mark;
  /** The tags under which it logged. */
  readonly tags: readonly string[];
  /** Whether the tag that is read is among them. */
  readonly tagged: boolean;
  /** Whether it is drawn as a line. */
  readonly drawn: boolean;
  readonly focused: boolean;
  /** Whose predictions stand for the epsilon; null without a record. */
  readonly at: Logged | null;
}

export interface View {
  /** Null until the first answer. */
  readonly listing: Listing | null;
  /** Why the list of runs could not be had. */
  readonly error: Failure | null;
  readonly tags: readonly string[];
  readonly tag: string | null;
  readonly runs: readonly RunView[];
  /** The run whose samples fill the grid. */
  readonly focus: RunView | null;
  /** What the samples are compared with, the grid's own first; none unless they are. */
  readonly sides: readonly Side[];
  /** Some steps of the focused run, increasing; none unless its samples are followed over them. */
  readonly stages: readonly Side[];
  /** The drawn runs that may have the sample that is looked at closely, the focused one first. */
  readonly elsewhere: readonly Side[];
  /** The focused run's own steps under the tag, increasing. */
  readonly ownSteps: readonly number[];
  /** The steps of all drawn runs, increasing. */
  readonly steps: readonly number[];
  readonly step: number | null;
  /** The focused run's accuracies at these steps; none unless they are looked at. */
  readonly columns: readonly Column[];
  readonly axis: Axis;
  /** Whether no record of the tag is known yet: the axis is then nobody's. */
  readonly blank: boolean;
  readonly epsilon: number;
}

/** Whether two objects say the same of a run. */
export function sameRun(a: RunView, b: RunView): boolean {
  return (Object.keys(a) as (keyof RunView)[]).every((key) =>
    key === "at" ? sameLogged(a.at, b.at) : a[key] === b[key],
  );
}

function sameLogged(a: Logged | null, b: Logged | null): boolean {
  return a === b || (a?.index === b?.index && a?.epsilon === b?.epsilon && a?.exact === b?.exact);
}
