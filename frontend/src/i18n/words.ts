// All visible text, in the language of the reader: loaded when it is known, as one needs but one.

import type { Words } from "./english";

export type { Words } from "./english";

export type Language = "en" | "ko";

/** A language, and all that is said in it. */
export interface Speech {
  readonly language: Language;
  readonly words: Words;
}

/** Loads a language. */
export async function speech(language: Language): Promise<Speech> {
  const words =
    language === "ko" ? (await import("./korean")).korean : (await import("./english")).english;
  return { language, words };
}

/** The language to show: the chosen one, else the browser's if it is among ours, else English. */
export function pickLanguage(chosen: string | undefined, browser: string): Language {
  if (chosen === "en" || chosen === "ko") return chosen;
  return browser.toLowerCase().startsWith("ko") ? "ko" : "en";
}
