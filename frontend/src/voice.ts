// What is said to the reader: in which language, and what of an error.

import { remember } from "./host";
import { type Language, type Speech, speech, type Words } from "./i18n/words";
import type { Failure } from "./model/run";

export class Voice {
  #speech: Speech;
  readonly #changed: () => void;
  readonly #lost: () => void;

  /**
   * @param speech is the language to begin with
   * @param changed is told that the words are others
   * @param lost is told that a language could not be loaded
   */
  constructor(speech: Speech, changed: () => void, lost: () => void) {
    this.#speech = speech;
    this.#changed = changed;
    this.#lost = lost;
  }

  get language(): Language {
    return this.#speech.language;
  }

  get words(): Words {
    return this.#speech.words;
  }

  /** Goes on in another language, now and whenever this browser comes back. */
  async speak(language: Language): Promise<void> {
    try {
      this.#speech = await speech(language);
    } catch {
      this.#lost();
      return;
    }
    remember("language", language);
    this.#changed();
  }

  /** What to tell the reader of an error. */
  sentence({ message, status }: Failure): string {
    if (message) return message;
    return status ? this.words.serverError(status) : this.words.unreachable;
  }
}
