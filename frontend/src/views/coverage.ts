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
  const { samples, count, chosen = "first" } = record;
  const numbers = [grouped(samples.length), grouped(count)] as const;
  if (samples.length === 0) return { text: words.pictured(...numbers), hint: null };
  const which = {
    first: words.picturedFirst,
    "flipped-first": words.picturedWeakest,
    indices: words.picturedIndices,
  };
  const hint = chosen === "flipped-first" ? words.picturedWeakestHint : null;
  return { text: which[chosen](...numbers), hint };
}
