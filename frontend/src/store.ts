// The one place that changes: it holds the selection, has the library fetch what that needs, and
// tells the views, which read `view` and call `select`.

import { Curves, type Training } from "./data/curves";
import type { Decoder } from "./data/decoder";
import { Library, NOTHING, type Wish } from "./data/library";
import { Pictures } from "./data/pictures";
import type { Source } from "./data/source";
import { addressWith, recall, remember } from "./host";
import type { Speech } from "./i18n/words";
import { toAddress } from "./model/address";
import { type Axis, makeAxis, naturalSpacing } from "./model/axis";
import { Memo, same, steady } from "./model/memo";
import { shortNames } from "./model/names";
import type { Run, StepKey } from "./model/run";
import {
  allTags,
  chosenTag,
  colour,
  focusedRun,
  loggedAt,
  mark,
  mergeSteps,
  picturedAt,
  type Selection,
  shownRuns,
  standIn,
  telling,
  UNSELECTED,
} from "./model/selection";
import { comparedWith, runSides, type Side, sameSide, sideOf, stagesOf } from "./model/sides";
import { byUrgency, type Column, columnsOf, rowsOf } from "./model/training";
import { Trail } from "./trail";
import { type RunView, sameRun, type View } from "./view";
import { Voice } from "./voice";

export type { RunView, View } from "./view";

/** What Back returns to when it was changed; besides them, the run and the tag. */
const STEPS = ["panel", "shape", "label", "predicted", "sample", "against"] as const;

/** Milliseconds for which the other runs wait for the first pictures, and the views for one. */
const PATIENCE = 1000;
const DECODING = 40;

const NO_RUNS: readonly Run[] = [];
const NO_STEPS = { tag: null, list: [] } as const;
const NO_COLUMNS: readonly Column[] = [];

export class Store extends EventTarget {
  selection: Selection;
  readonly pictures: Pictures;
  readonly voice: Voice;

  readonly #source: Source;
  readonly #library: Library;
  readonly #curves: Curves;
  readonly #trail = new Trail((selection) => this.#take(selection));
  /** The epsilon at which each tag was left, or with which it began. */
  readonly #beginnings = new Map<string, number>();
  /** Whether the other runs wait for the first pictures. */
  #alone = true;
  #held = false;
  #pending = 0; // the frame or the timer at which the views are told; 0 while there is none
  #view: View | null = null;
  #runs: readonly RunView[] = [];
  #sides: readonly Side[] = [];
  #stages: readonly Side[] = [];
  #elsewhere: readonly Side[] = [];
  readonly #otherKeys = new Memo<readonly StepKey[]>();
  /** The steps to choose from, and the tag of which all were known once. */
  #steps: { readonly tag: string | null; readonly list: readonly number[] } = NO_STEPS;
  readonly #ownSteps = new Memo<readonly number[]>();
  readonly #tags = new Memo<readonly string[]>();
  readonly #short = new Memo<ReadonlyMap<string, string>>();
  readonly #training = new Memo<Training>();
  readonly #columns = new Memo<readonly Column[]>();
  #axis = { tag: "", name: "", axis: makeAxis([], "linear"), blank: true };

  /** @param speech is the language to begin with */
  constructor(source: Source, decoder: Decoder, speech: Speech) {
    super();
    const changed = () => this.#notify();
    this.#source = source;
    // Where no language can be loaded, the page says that nothing can.
    this.voice = new Voice(speech, changed, () => this.reload());
    this.#library = new Library(source, () => this.#wish(), changed);
    this.pictures = new Pictures(source, decoder, () => {
      if (this.pictures.idle) this.#goOn();
      changed();
    });
    setTimeout(() => this.#goOn(), PATIENCE);
    this.#curves = new Curves(source, () => this.#library.idle && this.pictures.idle, changed);
    this.selection = this.#trail.read();
  }

  /** Whether nothing that the selection asks for is on its way, and the views know all that came. */
  get idle(): boolean {
    return !this.#pending && this.#library.idle && this.pictures.idle && this.#curves.idle;
  }

  get view(): View {
    this.#view ??= this.#derive();
    return this.#view;
  }

  /** Whether a pointer holds the epsilon slider: until it lets go, the grid stays arranged. */
  get held(): boolean {
    return this.#held;
  }

  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    this.#trail.hold(held);
    this.#notify();
  }

  /** Whether this browser has not yet seen something that is offered once; from now on it has. */
  first(offer: string): boolean {
    const first = recall(offer) === undefined;
    if (first) remember(offer, "1");
    return first;
  }

  select(choice: Partial<Selection>): void {
    const before = this.selection;
    const selection = { ...before, ...choice };
    // Who stands at the newest step follows when a newer one comes.
    if (choice.step != null && choice.step === this.view.steps.at(-1)) selection.step = null;
    const { tag, focus, epsilon, blank } = this.view;
    const retagged = choice.tag != null && choice.tag !== tag;
    if (retagged) {
      // Another tag may have other classes and other epsilons: each keeps its own.
      selection.label = null;
      selection.predicted = null;
      this.#beginnings.set(tag ?? "", epsilon);
      if (choice.epsilon === undefined) selection.epsilon = null;
    }
    const run = choice.run !== undefined && choice.run !== focus?.name;
    if (retagged || run || STEPS.some((key) => selection[key] !== before[key])) {
      // Back to this tag, epsilon stands where it does now, and not where it is left the next time.
      const left = retagged && !blank ? { ...before, epsilon } : before;
      this.#trail.step(left, selection);
    } else this.#trail.change(selection);
    this.#take(selection);
  }

  /** All as it was before anything was selected, but for what is read: runs and tag. */
  reset(): void {
    const { run, runs, tag } = this.selection;
    const selection = { ...UNSELECTED, run, runs, tag };
    this.#beginnings.delete(this.view.tag ?? "");
    this.#trail.step(this.selection, selection);
    this.#take(selection);
  }

  /** Asks anew for runs and steps; what is shown stays until the answers are here. */
  reload(): void {
    if (this.pictures.error) this.pictures.retry();
    this.#curves.retry();
    this.#library.reload();
    this.dispatchEvent(new Event("reload"));
  }

  /**
   * The address of the adversarial picture of a sample in the grid, as PNG: at `logged`, or now. Null
   * where the page has to make that file.
   */
  pngAddress(position: number, logged?: number): string | null {
    const { focus, tag, epsilon } = this.view;
    if (!focus || focus.step === null || tag === null) return null;
    const { record, at } = focus;
    const shown = logged ?? (record && at ? picturedAt(record, at, epsilon) : epsilon);
    return this.#source.pngAddress({ run: focus.name, tag, step: focus.step }, position, shown);
  }

  /** The address of what is shown now: it stays so when newer steps or other runs come. */
  link(): string {
    const { tag, focus, epsilon } = this.view;
    const shown = { tag, run: focus?.name ?? null, step: focus?.step ?? null, epsilon };
    return addressWith(toAddress({ ...this.selection, ...shown }));
  }

  #take(selection: Selection): void {
    this.selection = selection;
    this.#notify();
    void this.#library.load();
  }

  /** Tells the views, once a frame; at first as soon as they have a picture to show. */
  #notify(): void {
    this.#view = null;
    const { version } = this.pictures;
    if (!this.#alone || version > 1) this.#pending ||= requestAnimationFrame(this.#tell);
    else if (version === 0) {
      this.#pending ||= setTimeout(this.#tell, DECODING);
      this.#openPictures(this.view);
    } else {
      clearTimeout(this.#pending);
      this.#pending = setTimeout(this.#tell);
    }
  }

  readonly #tell = () => {
    this.#pending = 0;
    this.#openPictures(this.view);
    this.#curves.want(this.#wantedTraining(this.view));
    this.dispatchEvent(new Event("change"));
  };

  #wish(): Wish | null {
    const { tag, runs, focus, wanted } = this.#resolve();
    if (tag === null || focus === null) return null;
    const { stages, compared } = this.#others(tag, focus, wanted);
    const others = compared ? [...stages, compared] : stages;
    const { record, error, step } = this.#library.show(focus, tag, wanted);
    const none =
      (step === null && this.#library.stepped(focus, tag)) || record?.samples.length === 0;
    if (error || none) this.#alone = false;
    return {
      tag,
      runs: [focus, ...(this.#alone ? [] : runs.filter((run) => run !== focus))],
      step: wanted,
      others: this.#otherKeys.get([JSON.stringify(others)], () => others),
    };
  }

  /** Has the other runs follow. */
  #goOn(): void {
    if (!this.#alone) return;
    this.#alone = false;
    void this.#library.load();
  }

  /** The steps and tags of the focused run that its samples are followed over or compared with. */
  #others(tag: string, run: string, step: number) {
    const own = this.#library.steps(run, tag);
    const tags = this.#library.listing?.runs.find((each) => each.run === run)?.tags ?? [];
    const asked = { run, tag, step, own, tags };
    return {
      stages: stagesOf(this.selection, asked),
      compared: comparedWith(this.selection, asked),
    };
  }

  /** What the samples are followed over and compared with: the same objects while they are the same. */
  #compare(tag: string | null, focus: RunView | null, wanted: number): void {
    const { stages, compared } =
      tag !== null && focus
        ? this.#others(tag, focus.name, wanted)
        : { stages: [], compared: null };
    const side = (kind: Side["kind"], key: StepKey) =>
      sideOf(focus as RunView, key, kind, this.#library.other(key));
    const compare = this.selection.shape === "compare";
    const runs = compare || this.selection.sample !== null ? runSides(tag ?? "", this.#runs) : [];
    const kind = compared?.tag === tag ? "step" : "tag";
    const sides = compared
      ? [...runs.slice(0, 1).map((run) => ({ ...run, kind }) as const), side(kind, compared)]
      : runs;
    this.#sides = steady(this.#sides, compare ? sides : [], sameSide);
    this.#elsewhere = steady(this.#elsewhere, runs, sameSide);
    this.#stages = steady(
      this.#stages,
      stages.map((key) => side("step", key)),
      sameSide,
    );
  }

  /** What the selection comes to, given the runs and steps that are known. */
  #resolve() {
    const all = this.#library.listing?.runs ?? NO_RUNS;
    const tag = chosenTag(all, this.selection);
    const runs = tag === null ? [] : shownRuns(all, tag, this.selection);
    const focus = focusedRun(runs, this.selection);
    const steps = this.#stepsOf(tag ?? "", runs);
    const chosen = this.selection.step ?? Number.POSITIVE_INFINITY;
    const step = standIn(steps, chosen) ?? steps[0] ?? null;
    // A run's own step for the chosen one is also its step for the one that stands for that: so
    // the first record need not wait for the steps of the other runs.
    return { all, tag, runs, focus, steps, step, wanted: step ?? chosen };
  }

  /**
   * The steps of all drawn runs, the same object as long as they are the same. There are none
   * before all are known: the step slider would jump with each run that comes.
   */
  #stepsOf(tag: string, runs: readonly string[]): readonly number[] {
    const before = this.#steps;
    if (before.tag !== tag && !runs.every((run) => this.#library.stepped(run, tag))) {
      return NO_STEPS.list;
    }
    const list = mergeSteps(
      runs.map((run) => this.#library.steps(run, tag).map(({ step }) => step)),
    );
    if (before.tag !== tag || !same(before.list, list)) this.#steps = { tag, list };
    return this.#steps.list;
  }

  /** The focused run's curves, if they are looked at: the same object for the same wish. */
  #wantedTraining({ focus, tag, step }: View): Training | null {
    if (this.selection.panel !== "training" || !focus || tag === null) return null;
    const run = focus.name;
    const own = this.#library.steps(run, tag);
    return this.#training.get([run, tag, own, step], () => ({
      run,
      tag,
      steps: byUrgency(own, step),
    }));
  }

  #columnsOf(run: string | null, tag: string | null, steps: readonly number[]): readonly Column[] {
    if (this.selection.panel !== "training" || run === null || tag === null) return NO_COLUMNS;
    const own = this.#library.steps(run, tag);
    return this.#columns.get([run, tag, own, steps, this.#curves.version], () =>
      columnsOf(steps, own, (step) => this.#curves.get(run, tag, step)),
    );
  }

  #derive(): View {
    const { all, tag, runs, focus, steps, step, wanted } = this.#resolve();
    const drawn = new Set(runs);
    const short = this.#short.get([all, tag], () =>
      shortNames(all.filter(({ tags }) => tags.includes(tag ?? "")).map(({ run }) => run)),
    );
    const views = all.map(({ run, tags }, place): RunView => {
      const known = drawn.has(run) && tag !== null;
      return {
        ...(known ? this.#library.show(run, tag, wanted) : NOTHING),
        name: run,
        short: short.get(run) ?? run,
        colour: colour(place),
        mark: mark(place),
        tags,
        tagged: tag !== null && tags.includes(tag),
        drawn: drawn.has(run),
        focused: run === focus,
        at: null,
      };
    });
    const columns = this.#columnsOf(focus, tag, steps);
    const logged = views.flatMap((run) => run.record?.epsilons ?? []);
    const axis = this.#axisOf(tag ?? "", logged.length > 0 ? logged : rowsOf(columns).slice(1));
    const epsilon = Math.min(this.#wantedEpsilon(tag, views), axis.max);
    this.#runs = steady(
      this.#runs,
      views.map((run) => ({ ...run, at: run.record && loggedAt(run.record.epsilons, epsilon) })),
      sameRun,
    );
    const focused = this.#runs.find((run) => run.focused) ?? null;
    this.#compare(tag, focused, wanted);
    const own = this.#library.steps(focus ?? "", tag ?? "");
    return {
      listing: this.#library.listing,
      error: this.#library.error,
      tags: this.#tags.get([all], () => allTags(all)),
      tag,
      runs: this.#runs,
      focus: focused,
      sides: this.#sides,
      stages: this.#stages,
      elsewhere: this.#elsewhere,
      ownSteps: this.#ownSteps.get([own], () => own.map(({ step }) => step)),
      steps,
      step,
      columns,
      axis,
      blank: this.#axis.blank,
      epsilon,
    };
  }

  /** The chosen epsilon, or the one that a tag's first record begins with. */
  #wantedEpsilon(tag: string | null, runs: readonly RunView[]): number {
    const name = tag ?? "";
    const record = runs.find((run) => run.focused)?.record;
    if (record && !this.#beginnings.has(name)) this.#beginnings.set(name, telling(record));
    return this.selection.epsilon ?? this.#beginnings.get(name) ?? 0;
  }

  /** The axis for these epsilons: the same object as long as it is the same axis. */
  #axisOf(tag: string, epsilons: readonly number[]): Axis {
    // A damaged step on the way must not move the slider.
    if (epsilons.length === 0 && this.#axis.tag === tag) return this.#axis.axis;
    const spacing = this.selection.spacing ?? naturalSpacing(epsilons);
    const name = JSON.stringify([spacing, ...new Set(epsilons)]);
    if (this.#axis.tag !== tag || this.#axis.name !== name)
      this.#axis = { tag, name, axis: makeAxis(epsilons, spacing), blank: epsilons.length === 0 };
    return this.#axis.axis;
  }

  #openPictures({ focus, tag }: View): void {
    if (!focus?.record?.samples.length || focus.step === null || tag === null) {
      this.pictures.close();
      return;
    }
    const key = { run: focus.name, tag, step: focus.step };
    this.pictures.open(key, focus.stamp, focus.record);
  }
}
