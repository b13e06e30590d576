// The accuracies of a run's steps: fetched some steps at a time while nothing more urgent is on its
// way, and kept.

import type { Curve, Step } from "../model/run";
import { stampOf } from "./library";
import { Lru } from "./lru";
import { MOST_STEPS, RequestError, type Source } from "./source";

/** How many curves are kept: many runs of many steps, each of some hundred bytes. */
const CAPACITY = 50_000;

/** Steps in a request: few, as each is a whole record for the server to read. */
const BATCH = Math.min(16, MOST_STEPS);

/** Whose curves are wanted; the steps in the order of urgency. */
export interface Training {
  readonly run: string;
  readonly tag: string;
  readonly steps: readonly Step[];
}

export class Curves {
  /** Grows whenever some have come. */
  version = 0;

  readonly #source: Source;
  readonly #free: () => boolean;
  readonly #changed: () => void;
  readonly #curves = new Lru<string, Curve>(CAPACITY);
  readonly #errors = new Map<string, RequestError>();
  #wanted: Training | null = null;
  /** The last wish of which nothing was missing any more. */
  #fulfilled: Training | null = null;
  #working = false;

  /**
   * @param free tells whether nothing that the reader looks at is on its way.
   * @param changed is called whenever some have come.
   */
  constructor(source: Source, free: () => boolean, changed: () => void) {
    this.#source = source;
    this.#free = free;
    this.#changed = changed;
  }

  /** Whether all that is wanted is here, or cannot be had. */
  get idle(): boolean {
    return !this.#working && this.#wanted === this.#fulfilled;
  }

  /** A step's curve, or why it cannot be had; undefined while it is not here. */
  get(run: string, tag: string, step: Step): Curve | RequestError | undefined {
    const stamp = stampOf(run, tag, step);
    return this.#curves.get(stamp) ?? this.#errors.get(stamp);
  }

  /** Says whose curves are wanted now, null for none; looks anew whether there is time for it. */
  want(training: Training | null): void {
    this.#wanted = training;
    void this.#load();
  }

  /** Forgets what could not be had, so that it is asked for anew. */
  retry(): void {
    this.#errors.clear();
    this.#fulfilled = null;
  }

  async #load(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#wanted !== this.#fulfilled && this.#free()) {
      const wanted = this.#wanted;
      const batch = this.#missing();
      if (wanted && batch.length > 0) await this.#fetch(wanted, batch);
      else this.#fulfilled = wanted;
      this.version += 1;
      this.#changed();
    }
    this.#working = false;
  }

  async #fetch({ run, tag }: Training, batch: readonly Step[]): Promise<void> {
    const stamps = batch.map((step) => stampOf(run, tag, step));
    try {
      const steps = batch.map(({ step }) => step);
      for (const [i, curve] of (await this.#source.curves(run, tag, steps)).entries()) {
        const stamp = stamps[i] as string;
        if ("error" in curve) this.#errors.set(stamp, new RequestError(422, curve.error));
        else this.#curves.set(stamp, curve, 1);
      }
    } catch (error) {
      const known = RequestError.of(error);
      for (const stamp of stamps) this.#errors.set(stamp, known);
    }
  }

  #missing(): Step[] {
    if (!this.#wanted) return [];
    const { run, tag, steps } = this.#wanted;
    const missing: Step[] = [];
    for (const step of steps) {
      if (this.get(run, tag, step) === undefined) missing.push(step);
      if (missing.length === BATCH) break;
    }
    return missing;
  }
}
