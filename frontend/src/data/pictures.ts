// The samples' pictures of one step: fetched a screenful at a time, decoded, and held as long as
// there is room.

import { bytesAPixel, type Decoded, picturesOf, weightOf } from "../model/examples";
import type { Record, Sample } from "../model/record";
import type { StepKey } from "../model/run";
import { fetchPictures, MOST_SAMPLES, RequestError } from "./api";
import { Decoder } from "./decoder";
import { Lru } from "./lru";

/** What decoded pictures may occupy, in bytes: some 400 photographs of 224 × 224. */
const CAPACITY = 128 * 2 ** 20;

/** Pictures in a request: of a screenful of samples, so that the first do not wait for the last. */
const BATCH = 48;

interface Opened {
  readonly key: StepKey;
  /** Tells this step's pictures from others', also after a run was logged anew. */
  readonly stamp: string;
  readonly record: Record;
}

export class Pictures {
  /** Why the last request failed; asking stops until `retry`. */
  error: RequestError | null = null;
  /** Grows whenever something has changed. */
  version = 0;

  readonly #changed: () => void;
  readonly #decoder = new Decoder();
  readonly #decoded = new Lru<string, Decoded>(CAPACITY);
  #opened: Opened | null = null;
  #wanted: readonly number[] | null = null;
  #loading: AbortController | null = null;

  /** @param changed is called whenever a picture has come, and when nothing is missing any more. */
  constructor(changed: () => void) {
    this.#changed = () => {
      this.version += 1;
      changed();
    };
  }

  /** Whether all that is wanted is here; not before the step's first `want`. */
  get idle(): boolean {
    return !this.#opened || (this.#wanted !== null && !this.#loading);
  }

  /** Turns to a step. What was still on its way for another is dropped. */
  open(key: StepKey, stamp: string, record: Record): void {
    if (this.#opened?.stamp === stamp) return;
    this.close();
    this.#opened = { key, stamp, record };
  }

  close(): void {
    this.#loading?.abort();
    this.#loading = null;
    this.#opened = null;
    this.#wanted = null;
    this.error = null;
  }

  /** Says which samples' pictures are wanted now, the most urgent first; replaces the last list. */
  want(positions: readonly number[]): void {
    const { record } = this.#opened ?? {};
    if (!record) return;
    const { width, height } = record.picture;
    // More than there is room for would be fetched again and again.
    const room = Math.max(1, Math.floor(CAPACITY / (width * height * bytesAPixel(record))));
    this.#wanted = positions.slice(0, room);
    void this.#load();
  }

  /** The pictures of a sample, if they have come. */
  peek(position: number): Decoded | undefined {
    return this.#decoded.get(this.#name(position));
  }

  retry(): void {
    this.error = null;
    void this.#load();
  }

  #name(position: number): string {
    return `${this.#opened?.stamp}#${position}`;
  }

  /** One request after another: TensorBoard's server gains nothing from several at once. */
  async #load(): Promise<void> {
    const opened = this.#opened;
    if (!opened || this.#loading || this.error) return;
    const loading = new AbortController();
    this.#loading = loading;
    try {
      for (let batch = this.#missing(); batch.length > 0; batch = this.#missing()) {
        const { picture, pictures, samples } = opened.record;
        const each = picturesOf(opened.record);
        const fetched = await fetchPictures(opened.key, batch, each, loading.signal);
        // All are given away at once, and shown in the order in which they are needed.
        const answers = batch.map((position, i) => {
          const { checksums } = samples[position] as Sample;
          const stored = fetched[i] ?? [];
          return this.#decoder.decode({ stored, checksums, picture, each: pictures === "each" });
        });
        for (const [i, position] of batch.entries()) {
          const decoded = (await answers[i]) as Decoded;
          if (loading.signal.aborted) return;
          this.#decoded.set(this.#name(position), decoded, weightOf(decoded));
          this.#changed();
        }
      }
    } catch (error) {
      if (loading.signal.aborted) return;
      this.error = RequestError.of(error);
    }
    this.#loading = null;
    this.#changed();
  }

  #missing(): number[] {
    const missing = this.#wanted?.filter((position) => !this.#decoded.has(this.#name(position)));
    const each = this.#opened ? picturesOf(this.#opened.record) : 1;
    return missing?.slice(0, Math.min(MOST_SAMPLES, Math.max(1, Math.floor(BATCH / each)))) ?? [];
  }
}
