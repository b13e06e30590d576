import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { epsilonText, grouped, percent } from "../model/format";
import type { Record } from "../model/record";
import { type Logged, robustAccuracy } from "../model/selection";
import { stretches } from "../model/telling";

/** How often the model is right at an epsilon, in a sentence. */
export function verdict(record: Record, at: Logged, axis: Axis, words: Words): string {
  const count = grouped(record.count);
  const clean = percent(record.clean_accuracy, 0);
  if (at.epsilon === 0) return words.verdictClean(clean, count);
  const robust = percent(robustAccuracy(record, at), 0);
  return words.verdict(epsilonText(at.epsilon, axis.decimals), robust, count, clean);
}

/** A curve in words: "86 % without attack, 14 % at 0.5/255, 0 % from 1.79/255". */
export function curveText(
  clean: number,
  epsilons: readonly number[],
  shares: readonly number[],
  axis: Axis,
  words: Words,
): string {
  return stretches(clean, epsilons, shares)
    .map(({ from, value, on }) => {
      if (from === 0) return on ? words.everywhere(value) : words.withoutAttack(value);
      const epsilon = epsilonText(from, axis.decimals);
      return on ? words.shareFrom(value, epsilon) : words.shareAt(value, epsilon);
    })
    .join(", ");
}
