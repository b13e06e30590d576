// All visible text, in the language of the reader.

import { english, type Words } from "./english";
import { korean } from "./korean";

export type { Words } from "./english";

export type Language = "en" | "ko";

export const WORDS: { readonly [language in Language]: Words } = { en: english, ko: korean };

/** The language to show: the chosen one, else the browser's if it is among ours, else English. */
export function pickLanguage(chosen: string | undefined, browser: string): Language {
  if (chosen === "en" || chosen === "ko") return chosen;
  return browser.toLowerCase().startsWith("ko") ? "ko" : "en";
}
