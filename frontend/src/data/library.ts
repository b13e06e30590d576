// What has been fetched of runs, steps and records, and the loop that fetches what is missing.

import type { Record } from "../model/record";
import type { Listing, Step, StepKey } from "../model/run";
import { Lru } from "./lru";
import { RequestError, type Source } from "./source";

/** What the reader looks at. */
export interface Wish {
  readonly tag: string;
  /** The most urgent first. */
  readonly runs: readonly string[];
  /** Infinity is the newest. */
  readonly step: number;
  /** What that is compared with: other steps, or other tags; each list of them a new object. */
  readonly others: readonly StepKey[];
}

/** A step's record among all, without what stood there before. */
export interface Other {
  readonly step: number;
  readonly stamp: string;
  readonly record: Record | null;
  readonly error: RequestError | null;
}

/** What there is to show of a run at the wanted step. */
export interface Showing {
  /** The step shown: the wanted one or the nearest earlier; an older one while it is on its way. */
  readonly step: number | null;
  readonly record: Record | null;
  /** Names the record among all, also after a run was logged anew. */
  readonly stamp: string;
  readonly error: RequestError | null;
  readonly firstStep: number | null;
  /** The run's own step before the one that stands for the wanted one. */
  readonly previousStep: number | null;
  /** How many steps TensorBoard has kept up to the one shown. */
  readonly keptSteps: number;
  /** Whether the step shown is the run's newest. */
  readonly newest: boolean;
}

export const NOTHING: Showing = {
  step: null,
  record: null,
  stamp: "",
  error: null,
  firstStep: null,
  previousStep: null,
  keptSteps: 0,
  newest: false,
};

/** What records may occupy, in characters of their JSON. */
const CAPACITY = 64 * 2 ** 20;

const LISTING = "runs";

interface Task {
  readonly name: string;
  readonly fetch: () => Promise<void>;
}

interface Found {
  readonly step: number;
  readonly stamp: string;
}

interface Shown extends Found {
  readonly record: Record | null;
}

export class Library {
  listing: Listing | null = null;

  readonly #source: Source;
  readonly #wish: () => Wish | null;
  readonly #changed: () => void;
  readonly #steps = new Map<string, readonly Step[]>();
  readonly #records = new Lru<string, Record>(CAPACITY);
  /** The last record shown of each run and tag: it stands until the next one has come. */
  readonly #shown = new Map<string, Shown>();
  /** What was asked for since the last reload, by name. */
  readonly #asked = new Set<string>();
  readonly #errors = new Map<string, RequestError>();
  /** The last list of others, and which records of it were asked for: each once, or two that have no
   * room together would be fetched in turn for ever. */
  #others: readonly StepKey[] = [];
  readonly #askedOthers = new Set<string>();
  #working = false;

  /**
   * @param wish tells what the reader looks at; null before the list of runs is here.
   * @param changed is called whenever something has come.
   */
  constructor(source: Source, wish: () => Wish | null, changed: () => void) {
    this.#source = source;
    this.#wish = wish;
    this.#changed = changed;
  }

  /** Whether all that the reader looks at is here, or cannot be had. */
  get idle(): boolean {
    return !this.#working;
  }

  /** Why the list of runs could not be had. */
  get error(): RequestError | null {
    return this.#errors.get(LISTING) ?? null;
  }

  /** The steps of a run, increasing; none before they are known. */
  steps(run: string, tag: string): readonly Step[] {
    return this.#steps.get(nameOf(run, tag)) ?? [];
  }

  /** Whether a run's steps are known, or cannot be had. */
  stepped(run: string, tag: string): boolean {
    const name = nameOf(run, tag);
    return this.#steps.has(name) || this.#errors.has(name);
  }

  /** Asks anew for runs and steps; what is here stays until the answers come. */
  reload(): void {
    this.#asked.clear();
    this.#askedOthers.clear();
    void this.load();
  }

  /**
   * Fetches what is missing, one thing after another, and looks anew after each: a selection that
   * has moved on is simply looked at next, and however fast a slider moves, no requests queue up.
   */
  async load(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let task = this.#missing(); task; task = this.#missing()) {
      const { name, fetch } = task;
      this.#asked.add(name);
      try {
        await fetch();
        this.#errors.delete(name);
      } catch (error) {
        this.#errors.set(name, RequestError.of(error));
      }
      this.#changed();
    }
    this.#working = false;
    this.#changed();
  }

  /** What there is to show of a run at a wanted step. */
  show(run: string, tag: string, wanted: number): Showing {
    const place = nameOf(run, tag);
    const steps = this.steps(run, tag);
    const found = this.#find(run, tag, wanted);
    const firstStep = steps[0]?.step ?? null;
    const error = this.#errors.get(found?.stamp ?? "") ?? this.#errors.get(place);
    const previousStep = steps.findLast(({ step }) => found && step < found.step)?.step ?? null;
    if (!found || error) return { ...NOTHING, firstStep, previousStep, error: error ?? null };
    const record = this.#records.get(found.stamp);
    if (record) this.#shown.set(place, { ...found, record });
    const shown = this.#shown.get(place) ?? { ...found, record: null };
    const keptSteps = steps.filter(({ step }) => step <= shown.step).length;
    const newest = keptSteps === steps.length;
    return { ...shown, firstStep, previousStep, keptSteps, newest, error: null };
  }

  /** What there is of a step that others are compared with, or of the nearest earlier one. */
  other({ run, tag, step }: StepKey): Other | null {
    const found = this.#find(run, tag, step);
    if (!found) return null;
    const shown = this.#shown.get(nameOf(run, tag));
    const kept = shown?.stamp === found.stamp ? shown.record : null;
    const record = this.#records.get(found.stamp) ?? kept;
    return { ...found, record, error: this.#errors.get(found.stamp) ?? null };
  }

  /**
   * The next thing to fetch: the list of runs; all of the most urgent run, so that it need not wait
   * for the others; then the others' steps, and their records; then what it is compared with.
   */
  #missing(): Task | null {
    if (!this.#asked.has(LISTING)) return { name: LISTING, fetch: () => this.#fetchListing() };
    const wish = this.#wish();
    if (!wish) return null;
    const { tag, runs, step } = wish;
    const focus = runs.slice(0, 1);
    return (
      this.#missingSteps(tag, focus) ??
      this.#missingRecord(tag, focus, step) ??
      this.#missingSteps(tag, runs) ??
      this.#missingRecord(tag, runs, step) ??
      this.#missingOther(wish.others)
    );
  }

  #missingOther(others: readonly StepKey[]): Task | null {
    if (this.#others !== others) this.#askedOthers.clear();
    this.#others = others;
    for (const { run, tag, step } of others) {
      const steps = this.#missingSteps(tag, [run]);
      if (steps) return steps;
      const found = this.#find(run, tag, step);
      if (!found || this.#askedOthers.has(found.stamp)) continue;
      this.#askedOthers.add(found.stamp);
      if (this.#settled(found.stamp, nameOf(run, tag))) continue;
      return { name: found.stamp, fetch: () => this.#fetchRecord(run, tag, found) };
    }
    return null;
  }

  #missingSteps(tag: string, runs: readonly string[]): Task | null {
    const run = runs.find((run) => !this.#asked.has(nameOf(run, tag)));
    if (run === undefined) return null;
    return { name: nameOf(run, tag), fetch: () => this.#fetchSteps(run, tag) };
  }

  #missingRecord(tag: string, runs: readonly string[], step: number): Task | null {
    for (const run of runs) {
      const found = this.#find(run, tag, step);
      if (!found || this.#settled(found.stamp, nameOf(run, tag))) continue;
      return { name: found.stamp, fetch: () => this.#fetchRecord(run, tag, found) };
    }
    return null;
  }

  /** The step of a run that stands for the wanted one, and the name of its record. */
  #find(run: string, tag: string, wanted: number): Found | null {
    const found = this.steps(run, tag).findLast(({ step }) => step <= wanted);
    return found ? { step: found.step, stamp: stampOf(run, tag, found) } : null;
  }

  /** Whether a record is here, or is known not to be had. */
  #settled(name: string, place: string): boolean {
    if (this.#records.has(name) || this.#shown.get(place)?.stamp === name) return true;
    return this.#asked.has(name) && this.#errors.has(name);
  }

  async #fetchListing(): Promise<void> {
    this.listing = await this.#source.listing();
  }

  async #fetchSteps(run: string, tag: string): Promise<void> {
    this.#steps.set(nameOf(run, tag), await this.#source.steps(run, tag));
  }

  async #fetchRecord(run: string, tag: string, found: Found): Promise<void> {
    const { record, size } = await this.#source.record({ run, tag, step: found.step });
    this.#records.set(found.stamp, record, size);
    // The reader may have moved on meanwhile; then this is for later.
    const wish = this.#wish();
    const wanted = wish && this.#find(run, wish.tag, wish.step);
    if (wanted && wanted.stamp === found.stamp) {
      this.#shown.set(nameOf(run, tag), { ...found, record });
    }
  }
}

/** The name of a run's steps. */
function nameOf(run: string, tag: string): string {
  return JSON.stringify([run, tag]);
}

/** The name of one step, among all that there ever are. */
export function stampOf(run: string, tag: string, { step, wall_time }: Step): string {
  // The time of writing is part of the name: a run that is logged anew has other records.
  return JSON.stringify([run, tag, step, wall_time]);
}
