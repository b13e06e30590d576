import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Arrangement } from "../model/arrangement";
import type { Axis } from "../model/axis";
import { wantedBeside } from "../model/beside";
import type { Decoded } from "../model/examples";
import { epsilonText, grouped } from "../model/format";
import type { Record, Sample } from "../model/record";
import { namer, stateOf } from "../model/samples";
import type { Logged, NoiseScale } from "../model/selection";
import type { Side } from "../model/sides";
import type { RunView } from "../store";
import { anyOf, data } from "./element";
import "./epsilon";
import { FilteredElement } from "./filtered";
import { keyTarget } from "./keys";
import "./notice";
import { pill, title } from "./pill";
import { facts, factsStyle } from "./sample-facts";
import "./sample-files";
import "./sample-others";
import "./sample-pictures";
import { heading } from "./legend.style";
import { sampleStyle } from "./sample.style";
import type { SamplePictures } from "./sample-pictures";
import { sampleSection } from "./sample-section";
import { base, framed, spotted, unseen } from "./theme";
import "./top-classes";
import { whence } from "./whence";

/** A sample that is there to be looked at. */
interface Found {
  readonly record: Record;
  readonly position: number;
  readonly sample: Sample;
  readonly at: Logged;
  readonly decoded: Decoded | undefined;
}

/** One sample, looked at closely, in a dialog over the page. */
export class SampleDialog extends FilteredElement {
  static override properties = {
    sample: data,
    run: data,
    tag: data,
    step: data,
    axis: data,
    epsilon: data,
    noise: data,
    stages: data,
    sides: data,
    compared: data,
    arrivals: data,
    told: { state: true },
  };

  /** The number of the sample; null while none is looked at. */
  declare sample: number | null;
  declare run: RunView | null;
  declare tag: string | null;
  declare step: number | null;
  declare axis: Axis;
  declare epsilon: number;
  declare noise: NoiseScale;
  declare stages: readonly Side[];
  declare sides: readonly Side[];
  /** What the grid compares its samples with; null where it does not. */
  declare compared: readonly Side[] | null;
  /** The version of the pictures: grows when one has come. */
  declare arrivals: number;
  /** What is announced of the sample that one went to. */
  declare told: string;

  /** The grid's order of the samples. */
  readonly #arrangement = new Arrangement();
  /** The place in the order of the sample that is looked at, or was before it left the order. */
  #place = 0;

  static override styles = [base, framed, spotted, unseen, factsStyle, heading, sampleStyle];

  constructor() {
    super();
    this.told = "";
  }

  /** While no sample is looked at, nothing that changes concerns it. */
  override shouldUpdate(changed: PropertyValues): boolean {
    return this.sample !== null || changed.has("sample");
  }

  override willUpdate(changed: PropertyValues): void {
    if (this.sample === null) {
      this.#arrangement.record = null;
      this.told = "";
      return;
    }
    const { record, at } = this.run ?? {};
    const arrangement = this.#arrangement;
    if (record && at && (arrangement.record !== record || !this.held)) {
      arrangement.contest = arrangement.judge(this.compared, this.epsilon);
      arrangement.arrange(record, at.index, this, this.words.unnamedClass);
    }
    const found = this.#found;
    const place = found ? this.#order.indexOf(found.position) : -1;
    if (place >= 0) this.#place = place;
    if (found && changed.has("sample") && changed.get("sample") != null) this.#tell(found);
  }

  get #order(): readonly number[] {
    return this.#arrangement.positions;
  }

  get #found(): Found | null {
    const { record, at, stamp } = this.run ?? {};
    const position = record?.samples.findIndex(({ index }) => index === this.sample) ?? -1;
    const sample = record?.samples[position];
    if (!record || !sample || !at) return null;
    const decoded = this.store.pictures.peek(position, stamp);
    return { record, position, sample, at, decoded };
  }

  override render(): TemplateResult {
    const found = this.sample === null ? null : this.#found;
    return html`
      <dialog
        tabindex="-1"
        aria-labelledby="title"
        @close=${this.#closed}
        @click=${this.#outside}
        @keydown=${this.#key}
        @keyup=${this.#keyUp}
      >
        ${this.sample === null ? nothing : found ? this.#content(found) : this.#without()}
      </dialog>
    `;
  }

  override updated(changed: PropertyValues): void {
    const dialog = this.#dialog;
    const open = this.sample !== null;
    if (open && !dialog.open) {
      dialog.showModal();
      // What is read first is the sample's name, and keys go to it, not to its first button.
      dialog.focus();
    } else if (!open && dialog.open) {
      dialog.close();
    }
    if (anyOf(changed, "sample", "run", "stages", "sides")) this.#want();
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog") as HTMLDialogElement;
  }

  get #pictures(): SamplePictures | null {
    return this.renderRoot.querySelector("fgsm-sample-pictures");
  }

  /** Asks for the sample's pictures here, at other steps and in other runs. */
  #want(): void {
    const { run, tag } = this;
    const found = this.sample === null ? null : this.#found;
    if (!found || !run || run.step === null || tag === null) {
      this.store.pictures.wantBeside("sample", []);
      return;
    }
    const { record, position } = found;
    const key = { run: run.name, tag, step: run.step };
    const own = { album: { key, stamp: run.stamp, record }, positions: [position] };
    this.store.pictures.wantBeside("sample", [
      own,
      ...wantedBeside(record, run.stamp, [position], [...this.stages, ...this.sides]),
    ]);
  }

  /** What stands for a sample that is not there. */
  #without(): TemplateResult {
    const { words, store, run } = this;
    const number = `#${this.sample}`;
    const { record, error } = run ?? {};
    const without = record?.samples.length === 0 ? words.noSamples : words.noSample(number);
    return html`
      <header>
        <h2 id="title">${number}</h2>
        ${this.#closeButton()}
      </header>
      <div class="body">
        ${
          error
            ? html`<fgsm-notice .store=${store} .words=${words} .error=${error}></fgsm-notice>`
            : html`<p class="without">${record ? without : words.sampleWaits}</p>`
        }
      </div>
    `;
  }

  #content(found: Found): TemplateResult {
    const { store, words, run, axis, epsilon, noise } = this;
    const { record, sample, at, position, decoded } = found;
    const seen = typeof decoded === "object" ? { decoded, record, at, epsilon, noise } : null;
    return html`
      ${this.#head(found)}
      <p class="unseen" role="status">${this.told}</p>
      <div class="body">
        ${this.#failure()}
        <fgsm-sample-pictures
          .store=${store}
          .words=${words}
          .record=${record}
          .sample=${sample}
          .at=${at}
          .axis=${axis}
          .epsilon=${epsilon}
          .noise=${noise}
          .decoded=${decoded}
        ></fgsm-sample-pictures>
        ${this.#slider()}
        <div class="columns">
          <fgsm-top-classes
            .store=${store}
            .words=${words}
            .record=${record}
            .sample=${sample}
            .at=${at}
            .axis=${axis}
            .epsilon=${epsilon}
          ></fgsm-top-classes>
          <section>${facts({ words, record, sample, at, axis, seen })}</section>
        </div>
        ${sampleSection(this, record, sample)}
        <fgsm-sample-others
          .store=${store}
          .words=${words}
          .record=${record}
          .position=${position}
          .stages=${this.stages}
          .sides=${this.sides}
          .axis=${axis}
          .epsilon=${epsilon}
          .arrivals=${this.arrivals}
        ></fgsm-sample-others>
      </div>
      <footer>
        <fgsm-sample-files
          .store=${store}
          .words=${words}
          .run=${run}
          .record=${record}
          .sample=${sample}
          .at=${at}
          .axis=${axis}
          .epsilon=${epsilon}
          .noise=${noise}
          .decoded=${decoded}
        ></fgsm-sample-files>
      </footer>
    `;
  }

  #head({ record, sample, at }: Found): TemplateResult {
    const { words, run, axis } = this;
    const label = title(sample, namer(record, words.unnamedClass));
    return html`
      <header data-state=${stateOf(sample, at.index)}>
        <h2 id="title">${label} <span class="index">#${sample.index}</span></h2>
        <span class="pill">${pill(record, sample, at, axis, words)}</span>
        ${run && whence(run, this.tag ?? "", this.step, words)}
        <nav aria-label=${words.cards}>
          ${this.#nextButton(-1)} <span class="place">${this.#placeTold()}</span>
          ${this.#nextButton(1)}
        </nav>
        ${this.#closeButton()}
      </header>
    `;
  }

  #closeButton(): TemplateResult {
    const { words } = this;
    return html`<button class="framed close" aria-keyshortcuts="Escape" @click=${this.#close}>
      ${words.close}
    </button>`;
  }

  #nextButton(direction: 1 | -1): TemplateResult {
    const { words } = this;
    const name = direction > 0 ? words.nextSample : words.previousSample;
    return html`<button
      class="framed step"
      aria-label=${name}
      title=${name}
      aria-keyshortcuts=${direction > 0 ? "ArrowRight j" : "ArrowLeft k"}
      aria-disabled=${this.#neighbour(direction) === null}
      @click=${() => this.#go(direction)}
    >
      ${direction > 0 ? "›" : "‹"}
    </button>`;
  }

  /** The slider of the page's own epsilon. */
  #slider(): TemplateResult {
    const { store, words, axis, epsilon, run } = this;
    return html`
      <div class="slider">
        <span class="epsilon"><span class="muted">ε</span> ${epsilonText(epsilon, axis.decimals)}</span>
        <div class="track">
          <fgsm-epsilon
            plain
            .store=${store}
            .words=${words}
            .axis=${axis}
            .epsilon=${epsilon}
            .run=${run}
          ></fgsm-epsilon>
        </div>
      </div>
    `;
  }

  #failure(): TemplateResult | typeof nothing {
    const { store, words } = this;
    const { error } = store.pictures;
    if (!error) return nothing;
    return html`<fgsm-notice .store=${store} .words=${words} .error=${error}></fgsm-notice>`;
  }

  /** "3 of 19". */
  #placeTold(): string {
    const { words } = this;
    const found = this.#found;
    if (!found || !this.#order.includes(found.position)) return words.sampleBeside;
    return words.samplePlace(grouped(this.#place + 1), grouped(this.#order.length));
  }

  #tell({ record, sample, at }: Found): void {
    const { words, axis } = this;
    const label = title(sample, namer(record, words.unnamedClass));
    const state = pill(record, sample, at, axis, words);
    this.told = words.sampleTold(this.#placeTold(), `#${sample.index}`, label, state);
  }

  /** The position of the next or previous sample; null at the ends. */
  #neighbour(direction: 1 | -1): number | null {
    const found = this.#found;
    const among = found !== null && this.#order.includes(found.position);
    // What left the order has left its place to the next.
    const place = among || direction < 0 ? this.#place + direction : this.#place;
    return this.#order[place] ?? null;
  }

  #go(direction: 1 | -1): void {
    const position = this.#neighbour(direction);
    const sample = position === null ? null : this.run?.record?.samples[position];
    if (sample) this.store.select({ sample: sample.index });
  }

  #key(event: KeyboardEvent): void {
    // But for the help, what is pressed here is none of the page's.
    if (event.key !== "?") event.stopPropagation();
    const [target] = event.composedPath();
    const field = target instanceof Element && target.matches("input, select, textarea");
    if (event.defaultPrevented || field) return;
    const pictures = this.#pictures;
    keyTarget<() => void>(event, {
      ArrowLeft: () => this.#go(-1),
      ArrowRight: () => this.#go(1),
      k: () => this.#go(-1),
      j: () => this.#go(1),
      "+": () => pictures?.nearer(2),
      "=": () => pictures?.nearer(2),
      "-": () => pictures?.nearer(-2),
      "0": () => pictures?.whole(),
      b: () => {
        if (pictures) pictures.blinking = true;
      },
    })?.();
  }

  #keyUp({ key }: KeyboardEvent): void {
    const pictures = this.#pictures;
    if (key === "b" && pictures) pictures.blinking = false;
  }

  readonly #close = () => this.#dialog.close();

  /** A press beside the dialog, whose own content fills it, closes it. */
  #outside(event: MouseEvent): void {
    if (event.target === this.#dialog && event.detail > 0) this.#close();
  }

  /** By the button, by Escape, or because the address names no sample any more. */
  #closed(): void {
    const found = this.#found;
    const position = found?.position ?? null;
    if (this.sample !== null) this.store.select({ sample: null });
    this.dispatchEvent(new CustomEvent("left", { detail: position }));
  }
}

customElements.define("fgsm-sample", SampleDialog);
