import { html, nothing, type TemplateResult } from "lit";
import { type Axis, type Spacing, snap } from "../model/axis";
import { comparisons } from "../model/comparisons";
import { BARS } from "../model/histogram";
import { same } from "../model/memo";
import { accuracyAt } from "../model/run";
import type { Range } from "../model/samples";
import type { RunView } from "../store";
import { brush } from "./brush";
import { chartStyle } from "./chart.style";
import { chartTip, TOLD } from "./chart-tip";
import "./epsilon";
import { anyOf, DashboardElement, data, measured } from "./element";
import type { EpsilonSlider } from "./epsilon";
import { longName } from "./long-name";
import { type Box, nearest, Plot, plotIn, pointsOf, type Sheet, stacked } from "./plot";
import { onResize } from "./resizing";
import { base, spotted } from "./theme";
import { tip } from "./tip";
import { curveText } from "./verdict";

/** Robust accuracy against epsilon, a line a run, with the epsilon slider along its axis. */
export class Chart extends DashboardElement {
  static override properties = {
    runs: data,
    axis: data,
    blank: data,
    epsilon: data,
    dark: data,
    box: measured,
    hovered: { state: true },
    flips: data,
    brushed: { state: true },
  };

  declare runs: readonly RunView[];
  declare axis: Axis;
  /** Whether there is nothing that the axis could be of: it is then not drawn. */
  declare blank: boolean;
  declare epsilon: number;
  declare dark: boolean;
  declare box: Box | null;
  /** The place among the points' epsilons that is being pointed at. */
  declare hovered: number | null;
  /** Between which epsilons the shown samples flip, and between which they are about to. */
  declare flips: Range | null;
  declare brushed: Range | null;

  /** The place of epsilon among the marks; -1 where it is on none. */
  #mark = -1;
  /** Where the pointer was last over the plot. */
  #pointer = "";
  /** What the plot was last drawn of. */
  #drawn: readonly unknown[] = [];

  static override styles = [base, longName, spotted, tip, chartStyle];

  constructor() {
    super();
    this.box = null;
    this.hovered = null;
    this.flips = null;
    this.brushed = null;
    onResize(this, () => {
      if (this.clientWidth > 0) this.box = plotIn(this);
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#escape);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#escape);
  }

  override render(): TemplateResult {
    return html`
      <canvas role="img" aria-label=${this.#text()}></canvas>
      ${this.box ? this.#over(this.box) : nothing}
      ${this.box && !this.blank ? [this.#band(this.box), this.#slider(this.box)] : nothing}
      ${this.blank ? nothing : this.#axisTitle()} ${this.#tip()}
    `;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // While epsilon moves, the runs change only in the predictions that stand for it.
    const lines = this.#lines().flatMap(({ name, record, focused }) => [name, record, focused]);
    // Its label depends on whether epsilon stands on a mark.
    const mark = this.#marks().indexOf(this.epsilon);
    const remarked = mark !== this.#mark;
    this.#mark = mark;
    const other = anyOf(changed, "axis", "blank", "dark", "box");
    if (same(lines, this.#drawn) && !remarked && !other) return;
    this.#drawn = lines;
    if (this.box) new Plot(this, this.#canvas, this.#sheet()).draw();
  }

  get #canvas(): HTMLCanvasElement {
    return this.renderRoot.querySelector("canvas") as HTMLCanvasElement;
  }

  /** What lies over the plot and is pointed at; a line stands at the point whose numbers are told. */
  #over(box: Box): TemplateResult {
    const epsilon = this.#pointed;
    const x = this.axis.place(epsilon ?? 0) * box.width;
    return html`
      <div
        class="over"
        style="left: ${box.left}px; top: ${box.top}px; width: ${box.width}px; height: ${box.height}px"
        @pointerdown=${this.#press}
        @mousemove=${this.#point}
        @mouseleave=${this.#leave}
      >
        ${epsilon === null ? nothing : html`<div class="pointed drawn" style="left: ${x}px"></div>`}
        ${(epsilon === null ? [] : this.#dots(epsilon)).map(
          ([share, colour]) => html`<div
            class="dot drawn"
            style="left: ${x}px; top: ${(1 - share) * box.height}px; background: var(${colour})"
          ></div>`,
        )}
      </div>
    `;
  }

  /** What one sees of the lines, in words. */
  #text(): string {
    const { words, axis } = this;
    const lines = this.#lines().slice(0, TOLD);
    const told = lines.flatMap(({ name, record }) => {
      if (!record) return [];
      const { clean_accuracy, epsilons, robust_accuracy } = record;
      const text = curveText(clean_accuracy, epsilons, robust_accuracy, axis, words);
      return [words.rightOn(name, text)];
    });
    return [words.robustCurve, ...told].join(". ");
  }

  /** Leads epsilon; on the bars, a drag chooses in which range the shown samples flip. */
  #press(event: PointerEvent): void {
    const slider = this.renderRoot.querySelector<EpsilonSlider>("fgsm-epsilon");
    const over = event.currentTarget as HTMLElement;
    const { top, left, height, width } = over.getBoundingClientRect();
    const onBars = event.clientY > top + height * (1 - BARS);
    if (event.button !== 0 || !onBars || !this.#focus?.record?.attack.refine) {
      slider?.grab(event);
      return;
    }
    brush(
      event,
      over,
      this.axis,
      (range) => {
        this.brushed = range;
      },
      (flips) => {
        const epsilon = snap(this.axis, (event.clientX - left) / width, 6 / width);
        this.store.select(flips ? { flips } : { epsilon });
      },
    );
  }

  /** The range in which the shown samples flip. */
  #band({ left, top, width, height }: Box): TemplateResult | typeof nothing {
    const range = this.brushed ?? this.flips;
    if (!range) return nothing;
    const [from, to] = range.map(this.axis.place) as [number, number];
    const place = `left: ${left + from * width}px; width: ${(to - from) * width}px`;
    return html`<div
      class="band drawn"
      style="${place}; top: ${top}px; height: ${height}px"
    ></div>`;
  }

  #slider({ left, top, width, height }: Box): TemplateResult {
    return html`
      <fgsm-epsilon
        .store=${this.store}
        .words=${this.words}
        .axis=${this.axis}
        .epsilon=${this.epsilon}
        .run=${this.#focus ?? null}
        style="left: ${left}px; top: ${top}px; width: ${width}px; height: ${height}px"
      ></fgsm-epsilon>
    `;
  }

  #axisTitle(): TemplateResult {
    const { words, axis } = this;
    const choice = (spacing: Spacing, text: string) => html`
      <button aria-pressed=${axis.spacing === spacing} @click=${() => this.store.select({ spacing })}>
        ${text}
      </button>
    `;
    return html`
      <div class="axis">
        <span ?hidden=${axis.ticks.length < 3} class="spacing" role="group" title=${words.axisHint}>
          ${choice("log", words.axisLog)}${choice("linear", words.axisLinear)}
        </span>
        <span>${axis.decimals ? "ε" : "ε × 255"}</span>
      </div>
    `;
  }

  /** The epsilon of the point that is being pointed at. */
  get #pointed(): number | null {
    return this.hovered === null ? null : (pointsOf(this.#lines())[this.hovered] ?? null);
  }

  /** How high each line is at an epsilon, and the name of its colour. */
  #dots(epsilon: number): (readonly [share: number, colour: string])[] {
    const { colour = "" } = this.#focus ?? {};
    const others = comparisons(this.#focus?.record);
    return [
      ...others.map(({ accuracies }) => [accuracies(epsilon), colour] as const),
      ...stacked(this.#lines()).map(
        (run) => [accuracyAt(run.record, epsilon), run.colour] as const,
      ),
    ].flatMap(([share, name]) => (share === null ? [] : [[share, name] as const]));
  }

  /** The exact numbers at the point that is being pointed at. */
  #tip(): TemplateResult | typeof nothing {
    const epsilon = this.#pointed;
    const lines = this.#lines();
    if (epsilon === null || !this.box || lines.length === 0) return nothing;
    return chartTip(epsilon, this.box, this.axis, lines, this.#focus, this.words);
  }

  get #focus(): RunView | undefined {
    return this.runs.find((run) => run.focused && run.record);
  }

  #lines(): RunView[] {
    return this.runs.filter((run) => run.record);
  }

  #point({ currentTarget, clientX, clientY }: MouseEvent): void {
    // A browser also tells of a pointer that stands, once something else lies under it.
    if (this.#pointer === `${clientX} ${clientY}`) return;
    this.#pointer = `${clientX} ${clientY}`;
    const { left, width } = (currentTarget as Element).getBoundingClientRect();
    this.hovered = nearest(pointsOf(this.#lines()), this.axis, (clientX - left) / width);
  }

  #leave(): void {
    this.#pointer = "";
    this.hovered = null;
  }

  /** Takes the numbers away that cover a part of the plot, until the pointer moves on. */
  readonly #escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") this.hovered = null;
  };

  #sheet(): Sheet {
    const { axis } = this;
    const marks = this.#marks();
    return { lines: this.#lines(), focus: this.#focus, axis, marks, mark: this.#mark };
  }

  /** The epsilons that the axis names: its ticks, and its end. */
  #marks(): readonly number[] {
    const { ticks, max } = this.axis;
    if (this.blank) return [];
    return ticks.includes(max) ? ticks : [...ticks, max];
  }
}

customElements.define("fgsm-chart", Chart);
