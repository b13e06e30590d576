import type { Words } from "../i18n/words";
import { grouped } from "../model/format";
import type { Record } from "../model/record";
import { partlyPictured } from "../model/samples";

/** Which of a step's samples have pictures, and what to mind of them; null where all have. */
export function picturedText(
  record: Record,
  words: Words,
): { readonly text: string; readonly hint: string | null } | null {
  if (!partlyPictured(record)) return null;
  const { samples, count, chosen = "first", per_class = false, anew = false } = record;
  const numbers = [grouped(samples.length), grouped(count)] as const;
  if (samples.length === 0) return { text: words.pictured(...numbers), hint: null };
  const which = {
    first: words.picturedFirst,
    "flipped-first": anew ? words.picturedWeakestNow : words.picturedWeakest,
    indices: words.picturedIndices,
  };
  const text = per_class ? words.picturedPerClass : which[chosen];
  const hints = [
    ...(chosen === "flipped-first" ? [words.picturedWeakestHint] : []),
    ...(anew ? [words.picturedAnewHint] : []),
  ];
  return { text: text(...numbers), hint: hints.join("\n") || null };
}
