// Has pictures decoded beside the page, so that scrolling stays smooth; where no worker can be had,
// in the page itself.

import type { Decoded } from "../model/examples";
import { decodeStored, type Stored } from "./webp";
import type { Answer, Question } from "./worker";

interface Waiting {
  readonly question: Question;
  readonly resolve: (decoded: Decoded | Promise<Decoded>) => void;
}

export class Decoder {
  #worker: Worker | null;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  /** @param worker decodes; without one the page does. */
  constructor(worker: Worker | null) {
    this.#worker = worker;
    if (!this.#worker) return;
    this.#worker.onmessage = ({ data: { id, decoded } }: MessageEvent<Answer>) => {
      this.#waiting.get(id)?.resolve(decoded);
      this.#waiting.delete(id);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#giveUp();
    };
  }

  /** Checks and decodes a sample's pictures. */
  decode({ stored, ...others }: Stored): Promise<Decoded> {
    // Copies of their own: cloning a part of the answer would clone all of it.
    const copies = stored.map((picture) => picture.slice());
    const question = { id: this.#asked++, stored: copies, ...others };
    const worker = this.#worker;
    if (!worker) return decodeStored(question);
    return new Promise((resolve) => {
      this.#waiting.set(question.id, { question, resolve });
      worker.postMessage(question);
    });
  }

  /** From now on the page decodes by itself, beginning with what the worker still owes. */
  #giveUp(): void {
    this.#worker = null;
    for (const { question, resolve } of this.#waiting.values()) resolve(decodeStored(question));
    this.#waiting.clear();
  }
}
