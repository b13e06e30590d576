// The samples' pictures of the step that is read, and of those it is compared with: fetched a
// screenful at a time, decoded, and held as long as there is room.

import { bytesAPixel, type Decoded, type Levels, picturesOf, weightOf } from "../model/examples";
import type { Record, Sample } from "../model/record";
import type { StepKey } from "../model/run";
import type { Decoder } from "./decoder";
import { Lru } from "./lru";
import { MOST_SAMPLES, RequestError, type Source } from "./source";
import { decodeText } from "./webp";

/** What decoded pictures may occupy, in bytes: some 400 photographs of 224 × 224. */
const CAPACITY = 128 * 2 ** 20;

/** Pictures in a request: of a screenful of samples, so that the first do not wait for the last. */
const BATCH = 48;

/** A step whose pictures can be had. */
export interface Album {
  readonly key: StepKey;
  /** Tells this step's pictures from others', also after a run was logged anew. */
  readonly stamp: string;
  readonly record: Record;
}

/** Some samples of a step, by their places in its record; the most urgent first. */
export interface Wanted {
  readonly album: Album;
  readonly positions: readonly number[];
}

/** Who asks for other steps' pictures: before those of the step that is read, or after them. */
export type Asker = "sample" | "grid";

export class Pictures {
  /** Why the last request failed; asking stops until `retry`. */
  error: RequestError | null = null;
  /** Grows whenever something has changed. */
  version = 0;

  readonly #source: Source;
  readonly #decoder: Decoder;
  readonly #changed: () => void;
  readonly #decoded = new Lru<string, Decoded>(CAPACITY);
  #opened: Album | null = null;
  #wanted: readonly number[] | null = null;
  /** Whether nobody has said yet that these are wanted. */
  #guessed = false;
  readonly #beside = new Map<Asker, readonly Wanted[]>();
  /** The other steps whose pictures cannot be had. */
  readonly #lost = new Set<string>();
  #loading: AbortController | null = null;
  /** How many samples the next request asks for at most. */
  #most: number;

  /** @param changed is called whenever a picture has come, and when nothing is missing any more. */
  constructor(source: Source, decoder: Decoder, changed: () => void) {
    this.#source = source;
    this.#most = source.firstSamples ?? MOST_SAMPLES;
    this.#decoder = decoder;
    this.#changed = () => {
      this.version += 1;
      changed();
    };
  }

  /** Whether all that is wanted is here, or cannot be had; not before the step's first `want`. */
  get idle(): boolean {
    if (!this.#opened || this.error) return true;
    return this.#wanted !== null && !this.#guessed && !this.#loading;
  }

  /** Turns to a step. What was still on its way for another is dropped. */
  open(key: StepKey, stamp: string, record: Record): void {
    if (this.#opened?.stamp === stamp) return;
    this.close();
    this.#opened = { key, stamp, record };
    // The very first need not wait until the cards are laid out.
    if (this.#most < MOST_SAMPLES) {
      this.want([0]);
      this.#guessed = true;
    }
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
    if (!this.#opened) return;
    this.#guessed = false;
    this.#wanted = positions;
    void this.#load();
  }

  /** Says which samples of which steps one asker wants as well; replaces its last list. */
  wantBeside(asker: Asker, wanted: readonly Wanted[]): void {
    this.#beside.set(asker, wanted);
    void this.#load();
  }

  /** The pictures of a sample, if they have come: of the step that is read, or of another. */
  peek(position: number, stamp = this.#opened?.stamp): Decoded | undefined {
    return this.#decoded.get(nameOf(stamp, position));
  }

  /** The RGBA levels of a square picture that a record itself holds; null where it is damaged. */
  levelsOf(base64: string, side: number): Promise<Levels | null> {
    return decodeText(base64, side);
  }

  retry(): void {
    this.error = null;
    this.#lost.clear();
    void this.#load();
  }

  /** One request after another: TensorBoard's server gains nothing from several at once. */
  async #load(): Promise<void> {
    if (!this.#opened || this.#loading || this.error) return;
    const loading = new AbortController();
    this.#loading = loading;
    for (let batch = this.#missing(); batch; batch = this.#missing()) {
      const first = this.#most < MOST_SAMPLES;
      this.#most = MOST_SAMPLES;
      try {
        await this.#fetch(batch, loading.signal);
        if (first) {
          await painted();
          this.#decoder.begin();
        }
      } catch (error) {
        if (loading.signal.aborted) return;
        if (batch.album.stamp === this.#opened?.stamp) {
          this.error = RequestError.of(error);
          break;
        }
        // What is beside is missed, and the rest goes on.
        this.#lost.add(batch.album.stamp);
      }
      if (loading.signal.aborted) return;
    }
    this.#loading = null;
    this.#changed();
  }

  /**
   * The pictures of samples of a step, whatever else is wanted and however much that is: one after
   * the other, those not held fetched a batch at a time.
   */
  async *each({ album, positions }: Wanted): AsyncGenerator<Decoded> {
    const { signal } = new AbortController();
    const most = batchOf(album.record);
    for (let first = 0; first < positions.length; first += most) {
      const batch = positions.slice(first, first + most);
      const held = new Map(batch.map((at) => [at, this.peek(at, album.stamp)]));
      const missing = batch.filter((at) => !held.get(at));
      const fetched = missing.length
        ? await this.#fetch({ album, positions: missing }, signal)
        : [];
      for (const at of batch) yield held.get(at) ?? (fetched[missing.indexOf(at)] as Decoded);
    }
  }

  async #fetch({ album, positions }: Wanted, signal: AbortSignal): Promise<Decoded[]> {
    const { key, stamp, record } = album;
    const { picture, pictures, samples } = record;
    const fetched = await this.#source.pictures(key, positions, picturesOf(record), signal);
    // All are given away at once, and shown in the order in which they are needed.
    const answers = positions.map((position, i) => {
      const { checksums } = samples[position] as Sample;
      const stored = fetched[i] ?? [];
      return this.#decoder.decode({ stored, checksums, picture, each: pictures === "each" });
    });
    const all: Decoded[] = [];
    for (const [i, position] of positions.entries()) {
      const decoded = (await answers[i]) as Decoded;
      if (signal.aborted) break;
      all.push(decoded);
      this.#decoded.set(nameOf(stamp, position), decoded, weightOf(decoded));
      this.#changed();
    }
    return all;
  }

  /** The next samples to ask for, all of one step; null where all are here that there is room for. */
  #missing(): Wanted | null {
    let room = CAPACITY;
    for (const { album, positions } of this.#all()) {
      const { stamp, record } = album;
      if (this.#lost.has(stamp)) continue;
      const { width, height } = record.picture;
      const weight = width * height * bytesAPixel(record);
      // More than there is room for would be fetched again and again; one always has room.
      const most = room === CAPACITY ? Math.max(1, Math.floor(room / weight)) : room / weight;
      const held = positions.slice(0, most);
      room -= held.length * weight;
      const missing = held.filter((position) => !this.#decoded.has(nameOf(stamp, position)));
      if (missing.length > 0) {
        return { album, positions: missing.slice(0, Math.min(batchOf(record), this.#most)) };
      }
      if (room < weight) return null;
    }
    return null;
  }

  /** All that is wanted, the most urgent first. */
  #all(): readonly Wanted[] {
    const read = { album: this.#opened as Album, positions: this.#wanted ?? [] };
    return [...(this.#beside.get("sample") ?? []), read, ...(this.#beside.get("grid") ?? [])];
  }
}

/** Waits until what has come is painted: others would have to share the server and this page. */
async function painted(): Promise<void> {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
}

/** How many samples a request asks for. */
function batchOf(record: Record): number {
  return Math.min(MOST_SAMPLES, Math.max(1, Math.floor(BATCH / picturesOf(record))));
}

function nameOf(stamp: string | undefined, position: number): string {
  return `${stamp}#${position}`;
}
