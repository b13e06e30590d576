import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { bothTexts, grouped, per255, percent, tickLabel } from "../model/format";
import { between } from "../model/interval";
import { Memo } from "../model/memo";
import { accuracyAt, type Curve } from "../model/run";
import { loggedAt } from "../model/selection";
import {
  type Belief,
  beliefOf,
  type Cell,
  type Column,
  cellAt,
  labelled,
  rowsOf,
} from "../model/training";
import type { RunView } from "../store";
import "./belief";
import { BELIEF } from "./belief.style";
import { Dragging } from "./dragging";
import { anyOf, DashboardElement, data, measured } from "./element";
import { paintMap } from "./heatmap";
import { keyTarget } from "./keys";
import { onResize } from "./resizing";
import { textWidth } from "./text-width";
import { base, unseen } from "./theme";
import { beside, tip } from "./tip";
import { LEFT, trainingStyle } from "./training.style";

/** The least height between two labels, and the least side of the current cell's frame, in pixels. */
const LABEL = 14;
const FRAME = 8;

/**
 * The focused run's accuracy over its training: a column for each step of the slider below, a row
 * for each epsilon, the clean pictures at the bottom. So a model that becomes robust fills up.
 */
export class TrainingMap extends DashboardElement {
  static override properties = {
    columns: data,
    run: data,
    axis: data,
    step: data,
    epsilon: data,
    dark: data,
    pointed: { state: true },
    size: measured,
  };

  declare columns: readonly Column[];
  declare run: RunView | null;
  declare axis: Axis;
  declare step: number | null;
  declare epsilon: number;
  declare dark: boolean;
  /** The cell whose numbers are told. */
  declare pointed: Cell | null;
  /** The map's size in CSS pixels. */
  declare size: { readonly width: number; readonly height: number };

  #rows: readonly number[] = [0];
  #belief: Belief | null = null;
  /** What stood above the map when it was measured. */
  #aboveMeasured = 0;
  readonly #beliefs = new Memo<Belief | null>();
  readonly #dragging = new Dragging(this, (event) => this.#go(this.#cell(event)));

  static override styles = [base, tip, unseen, trainingStyle];

  constructor() {
    super();
    this.pointed = null;
    this.size = { width: 0, height: 0 };
    onResize(this, () => this.#measure());
  }

  override willUpdate(changed: PropertyValues): void {
    if (anyOf(changed, "columns", "axis")) {
      const known = rowsOf(this.columns);
      // Until the first curves are here the axis knows the epsilons of the steps in sight.
      this.#rows = known.length > 1 ? known : this.axis.ticks;
    }
    const [columns, epsilon] = [this.columns, this.#logged];
    this.#belief = this.#beliefs.get([columns, epsilon], () => beliefOf(columns, epsilon));
  }

  /** What stands above the map, in CSS pixels. */
  get #above(): number {
    return this.#belief ? BELIEF : 0;
  }

  override render(): TemplateResult {
    const { words, columns } = this;
    if (columns.length === 1) return html`<p class="one">${words.oneStep}</p>`;
    return html`
      ${this.#believed()}${this.#labels()}${this.#steps()}
      <div
        class="map"
        role="application"
        tabindex=${columns.length === 0 ? -1 : 0}
        aria-label=${words.trainingMap}
        aria-roledescription=${words.panelTraining}
        @pointerdown=${this.#grab}
        @pointermove=${this.#move}
        @pointerleave=${this.#leave}
        @lostpointercapture=${this.#dragging.release}
        @keydown=${this.#key}
        @focus=${this.#tellCurrent}
        @blur=${this.#leave}
      >
        <canvas aria-hidden="true"></canvas>
        ${this.#frame()}
        <span class="said unseen" aria-live="polite">${this.#said()}</span>
      </div>
      ${this.#tip()}
    `;
  }

  override updated(changed: PropertyValues): void {
    if (this.#above !== this.#aboveMeasured) this.#measure();
    if (!anyOf(changed, "columns", "axis", "run", "dark", "size")) return;
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas || this.size.width === 0) return;
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name);
    paintMap(canvas, this.columns, this.#rows, {
      surface: colour("--surface"),
      colour: colour(this.run?.colour ?? "--run-0"),
      nothing: colour("--page"),
      waiting: colour("--raised"),
      hatch: colour("--flipped"),
    });
  }

  /** Where step and epsilon stand; null where the map has no such step. */
  get #current(): Cell | null {
    const column = this.columns.findIndex(({ step }) => step === this.step);
    if (column < 0) return null;
    // The first row is that of the clean pictures, also where 0 was not logged.
    return { column, row: Math.max(0, loggedAt(this.#rows, this.epsilon).index) };
  }

  /** Whether the accuracies are to be believed, where the steps say so. */
  #believed(): TemplateResult | typeof nothing {
    if (!this.#belief) return nothing;
    return html`<fgsm-belief
      .store=${this.store}
      .words=${this.words}
      .belief=${this.#belief}
      .epsilon=${this.#logged}
      .decimals=${this.axis.decimals}
      .colour=${this.run?.colour ?? "--run-0"}
    ></fgsm-belief>`;
  }

  /** The row's epsilon at which that is told: there is nothing to believe of the clean pictures. */
  get #logged(): number {
    const row = Math.max(1, loggedAt(this.#rows, this.epsilon).index);
    return this.#rows[row] ?? 0;
  }

  #labels(): TemplateResult[] {
    const rows = this.#rows;
    const pitch = this.size.height / rows.length;
    return labelled(rows.length, pitch, LABEL).map((row) => {
      const top = 4 + this.#above + (rows.length - row - 0.5) * pitch;
      return html`<span class="label" aria-hidden="true" style="top: ${top}px"
        >${tickLabel(rows[row] ?? 0, this.axis.decimals)}</span
      >`;
    });
  }

  /** The steps below their columns: the current one, and of the others those that have room. */
  #steps(): TemplateResult[] {
    const { columns, size } = this;
    const pitch = size.width / columns.length;
    const widest = Math.max(0, ...columns.map(({ step }) => textWidth(grouped(step), 11)));
    const current = this.#current?.column ?? -1;
    const near = (a: number, b: number) => Math.abs(a - b) * pitch < widest + 10;
    const shown = labelled(columns.length, pitch, widest + 10).filter((i) => !near(i, current));
    return (current < 0 ? shown : [...shown, current]).map(
      (i) => html`<span
        class="step${i === current ? " now" : ""}"
        aria-hidden="true"
        style="left: ${LEFT + (i + 0.5) * pitch}px"
        >${grouped(columns[i]?.step ?? 0)}</span
      >`,
    );
  }

  #frame(): TemplateResult | typeof nothing {
    const cell = this.#current;
    if (!cell) return nothing;
    const { width, height } = this.size;
    const across = width / this.columns.length;
    const up = height / this.#rows.length;
    const [w, h] = [Math.max(FRAME, across), Math.max(FRAME, up)];
    const x = (cell.column + 0.5) * across - w / 2;
    const y = height - (cell.row + 0.5) * up - h / 2;
    return html`<div
      class="frame"
      style="width: ${w}px; height: ${h}px; transform: translate(${x}px, ${y}px)"
    ></div>`;
  }

  /** The exact numbers of the cell that is pointed at. */
  #tip(): TemplateResult | typeof nothing {
    const { words, pointed, size, axis } = this;
    const column = pointed && this.columns[pointed.column];
    if (!pointed || !column) return nothing;
    const epsilon = this.#rows[pointed.row] ?? 0;
    const x = LEFT + ((pointed.column + 0.5) * size.width) / this.columns.length;
    const middle = LEFT + size.width / 2;
    // Past the column, but not past the middle.
    const gap = Math.min(size.width / this.columns.length / 2 + 10, Math.abs(middle - x));
    const both = bothTexts(epsilon, axis.decimals).join(" = ");
    const accuracy = accuracyAt(column.curve, epsilon);
    return html`
      <div class="tip" style="top: ${4 + this.#above}px; ${beside(x, middle, gap)}">
        <div><span>${words.step}</span><span>${grouped(column.step)}</span></div>
        <div><span>ε</span><span>${epsilon === 0 ? words.clean : both}</span></div>
        <div><span>${words.accuracy}</span><span>${accuracy === null ? "–" : percent(accuracy)}</span></div>
        ${
          accuracy === null || !column.curve
            ? nothing
            : html`<div><span>${words.interval}</span><span>${between(accuracy, column.curve.count)}</span></div>`
        }
        ${this.#doubts(column.curve, epsilon)} ${this.#remarks(column, accuracy)}
      </div>
    `;
  }

  /** What a stronger attack leaves, and how straight the loss is, where the step says so. */
  #doubts(curve: Curve | null, epsilon: number): TemplateResult[] {
    const { words } = this;
    const place = curve?.epsilons.indexOf(epsilon) ?? -1;
    const held = curve?.check?.held[place];
    const alignment = curve?.alignment?.[place];
    const row = (name: string, value: string) =>
      html`<div><span>${name}</span><span>${value}</span></div>`;
    return [
      ...(curve?.check && held !== undefined
        ? [row(words.stronger, percent(held / curve.check.count))]
        : []),
      ...(alignment == null ? [] : [row(words.gradientAlignment, alignment.toFixed(2))]),
    ];
  }

  /** Why a cell is not simply a number of its own step. */
  #remarks({ step, shown, curve, error }: Column, accuracy: number | null): TemplateResult[] {
    const { words } = this;
    const remarks: string[] = [];
    if (shown === null) remarks.push(words.beforeFirst);
    else if (shown < step) remarks.push(words.nearestStep(grouped(shown), grouped(step)));
    if (curve?.overfitted) remarks.push(words.overfitted);
    if (error) remarks.push(this.store.voice.sentence(error));
    else if (curve && accuracy === null) remarks.push(words.notLogged);
    else if (!curve && shown !== null) remarks.push(words.loading);
    return remarks.map((text) => html`<p>${text}</p>`);
  }

  /** What a screen reader says when the keys have moved. */
  #said(): string {
    const cell = this.#current;
    const column = cell && this.columns[cell.column];
    if (!cell || !column) return "";
    const epsilon = this.#rows[cell.row] ?? 0;
    const accuracy = accuracyAt(column.curve, epsilon);
    const at = epsilon === 0 ? this.words.clean : `${per255(epsilon)}/255`;
    return `${this.words.atStep(grouped(column.step))}, ${at}, ${accuracy === null ? "–" : percent(accuracy)}`;
  }

  #measure(): void {
    const map = this.renderRoot.querySelector<HTMLElement>(".map");
    if (!map) return;
    this.#aboveMeasured = this.#above;
    this.size = { width: map.clientWidth, height: map.clientHeight };
  }

  #cell(event: PointerEvent): Cell {
    const { left, top, width, height } = (
      event.currentTarget as HTMLElement
    ).getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    return cellAt(x, y, { width, height }, this.columns.length, this.#rows.length);
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0 || this.columns.length === 0) return;
    this.#dragging.grab(event, event.currentTarget as HTMLElement);
  }

  #move(event: PointerEvent): void {
    if (this.columns.length === 0) return;
    const cell = this.#cell(event);
    const { pointed } = this;
    if (pointed?.column === cell.column && pointed.row === cell.row) return;
    this.pointed = cell;
    this.#dragging.follow(event);
  }

  #leave(): void {
    this.pointed = null;
  }

  #tellCurrent(event: FocusEvent): void {
    if ((event.currentTarget as HTMLElement).matches(":focus-visible"))
      this.pointed = this.#current;
  }

  #key(event: KeyboardEvent): void {
    const current = this.#current;
    if (!current) return;
    const { column, row } = current;
    const [last, top] = [this.columns.length - 1, this.#rows.length - 1];
    const target = keyTarget<Cell>(event, {
      ArrowLeft: { column: Math.max(0, column - 1), row },
      ArrowRight: { column: Math.min(last, column + 1), row },
      // Between two rows the lower one is marked.
      ArrowUp: { column, row: Math.min(top, row + 1) },
      ArrowDown: { column, row: Math.max(0, row - 1) },
      Home: { column: 0, row },
      End: { column: last, row },
      PageUp: { column, row: top },
      PageDown: { column, row: 0 },
    });
    if (!target) return;
    this.pointed = target;
    this.#go(target);
  }

  #go({ column, row }: Cell): void {
    const step = this.columns[column]?.step;
    const epsilon = this.#rows[row];
    if (step === undefined || epsilon === undefined) return;
    this.store.select({ step, epsilon });
  }
}

customElements.define("fgsm-training", TrainingMap);
