// Has pictures decoded beside the page, so that scrolling stays smooth; those of the first sample, and
// all where no worker can be had, in the page itself.

import type { Decoded } from "../model/examples";
import { decodeStored, type Stored } from "./webp";
import type { Answer, Question } from "./worker";

interface Waiting {
  readonly question: Question;
  readonly resolve: (decoded: Decoded | Promise<Decoded>) => void;
}

/** Of a first sample with more pixels than this in its pictures, decoding would hold up the page. */
const MOST_PIXELS = 2 ** 19;

export class Decoder {
  /** Starts the worker; null once it was, or where there is to be none. */
  #start: (() => Worker | null) | null;
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  /** @param start starts the worker; without one the page decodes. */
  constructor(start: (() => Worker | null) | null) {
    this.#start = start;
  }

  /** Checks and decodes a sample's pictures. */
  decode({ stored, ...others }: Stored): Promise<Decoded> {
    // Copies of their own: cloning a part of the answer would clone all of it.
    const copies = stored.map((picture) => picture.slice());
    const question = { id: this.#asked++, stored: copies, ...others };
    // The page has the first sample sooner than a worker starts, which would compete with it.
    const { width, height } = others.picture;
    if (question.id > 0 || width * height * stored.length > MOST_PIXELS) this.begin();
    const worker = this.#worker;
    if (!worker) return decodeStored(question);
    return new Promise((resolve) => {
      this.#waiting.set(question.id, { question, resolve });
      worker.postMessage(question);
    });
  }

  /** Starts the worker, if that has not been tried: for what is to come. */
  begin(): void {
    const worker = this.#start?.();
    this.#start = null;
    if (!worker) return;
    this.#worker = worker;
    worker.onmessage = ({ data: { id, decoded } }: MessageEvent<Answer>) => {
      this.#waiting.get(id)?.resolve(decoded);
      this.#waiting.delete(id);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#giveUp();
    };
  }

  /** From now on the page decodes by itself, beginning with what the worker still owes. */
  #giveUp(): void {
    this.#worker = null;
    for (const { question, resolve } of this.#waiting.values()) resolve(decodeStored(question));
    this.#waiting.clear();
  }
}
