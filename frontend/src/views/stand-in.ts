import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { epsilonText, grouped } from "../model/format";
import type { Logged } from "../model/selection";

/** What to say where an epsilon's predictions are another's; null where they are its own. */
export function epsilonStandIn(at: Logged, axis: Axis, words: Words): string | null {
  if (at.exact) return null;
  return at.index < 0
    ? words.belowCleanHint
    : words.belowHint(epsilonText(at.epsilon, axis.decimals));
}

/** What to say where an earlier step stands for the wanted one, short and long; else null. */
export function stepStandIn(
  step: number | null,
  wanted: number | null,
  words: Words,
): readonly [string, string] | null {
  if (step === null || wanted === null || step >= wanted) return null;
  const shown = grouped(step);
  return [words.atStep(shown), words.nearestStep(shown, grouped(wanted))];
}
