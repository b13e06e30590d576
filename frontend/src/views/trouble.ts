import type { Words } from "../i18n/words";
import type { Contest } from "../model/contest";
import type { Against } from "../model/selection";
import type { Side } from "../model/sides";
import type { RunView } from "../store";

/** Why there is nothing to compare, and what to do instead; null where there is. */
export function trouble(
  sides: readonly Side[],
  contest: Contest | null,
  against: Against,
  runs: readonly RunView[],
  words: Words,
): string | null {
  const [own, other] = sides;
  if (other === undefined) return lonely(against, runs, words);
  if (against === "step" && own?.key.step === other.key.step) return words.sameStep;
  return contest?.paired.size === 0 ? words.nobodyElse : null;
}

function lonely(against: Against, runs: readonly RunView[], words: Words): string {
  if (against === "step") return words.oneStepOnly;
  if (against === "tag") return words.oneTagOnly;
  const drawn = runs.filter((run) => run.drawn);
  if (drawn.length < 2) return words.oneRun;
  return drawn.every((run) => run.firstStep === null) ? words.loading : words.otherRunsLater;
}
