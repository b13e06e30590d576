import type { Words } from "../i18n/words";
import type { Contest } from "../model/contest";
import type { Against } from "../model/selection";
import type { Side } from "../model/sides";
import type { RunView } from "../store";

/** What is compared, and what there is of it. */
interface Compared {
  readonly against: Against;
  readonly sides: readonly Side[];
  readonly contest: Contest | null;
  readonly runs: readonly RunView[];
  /** The run in focus, and its steps. */
  readonly run: RunView;
  readonly ownSteps: readonly number[];
}

/** Why there is nothing to compare, and what to do instead; null where there is. */
export function trouble(of: Compared, words: Words): string | null {
  const { against, contest, run, ownSteps } = of;
  const [own, other] = of.sides;
  if (against === "step" && ownSteps.length < 2) return words.oneStepOnly;
  if (against === "tag" && run.tags.length < 2) return words.oneTagOnly;
  if (other === undefined) return lonely(of.runs, words);
  if (against === "step" && own?.key.step === other.key.step) return words.sameStep;
  return contest?.paired.size === 0 ? words.nobodyElse : null;
}

/** Why no other run has a step to show. */
function lonely(runs: readonly RunView[], words: Words): string {
  const drawn = runs.filter((run) => run.drawn);
  if (drawn.length < 2) return words.oneRun;
  return drawn.some((run) => run.firstStep === null) ? words.loading : words.otherRunsLater;
}
