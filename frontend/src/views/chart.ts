import { html, nothing, type TemplateResult, unsafeCSS } from "lit";
import uPlot from "uplot";
import uPlotStyle from "uplot/dist/uPlot.min.css?inline";
import type { Axis, Spacing } from "../model/axis";
import { comparisons } from "../model/comparisons";
import { bothTexts, grouped, percent } from "../model/format";
import { flipsAlong } from "../model/histogram";
import { same } from "../model/memo";
import { accuracyAt } from "../model/run";
import type { Mark } from "../model/selection";
import type { RunView } from "../store";
import { axisLabels } from "./axis-labels";
import { chartStyle, MARGIN } from "./chart.style";
import "./epsilon";
import { anyOf, DashboardElement, data, measured } from "./element";
import type { EpsilonSlider } from "./epsilon";
import { cutName, longName } from "./long-name";
import { addMark } from "./marks";
import { onResize } from "./resizing";
import { FAMILY } from "./text-width";
import { base, spotted } from "./theme";
import { beside, tip } from "./tip";
import { curveText } from "./verdict";

const LABEL_FONT = `11px ${FAMILY}`;
/** How many runs' numbers are told at a point at most, how high each is, and what is around them. */
const TOLD = 7;
const LINE = 18;
const AROUND = 16;

/** How many bars tell where samples flip, and how much of the plot's height the highest takes. */
const PARTS = 32;
const BARS = 0.3;

/** How the lines are dashed that are drawn for comparison, in the focused run's colour. */
export const DASHES = { randomNoise: [5, 4], plainFgsm: [1.5, 3] };

/** Where the plot lies within the element, in CSS pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Robust accuracy against epsilon, a line a run, with the epsilon slider along its axis. The only
 * file that knows uPlot. uPlot is given places on our own axis and draws them as they are.
 */
export class Chart extends DashboardElement {
  static override properties = {
    runs: data,
    axis: data,
    blank: data,
    epsilon: data,
    dark: data,
    box: measured,
    hovered: { state: true },
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

  #plot: uPlot | null = null;
  /** The epsilons at which any line has a point. */
  #epsilons: readonly number[] = [];
  /** The place of epsilon among the marks; -1 where it is on none. */
  #mark = -1;
  /** Which lines there are, and how they look. */
  #looks = "";
  /** What the plot was last drawn of. */
  #drawn: readonly unknown[] = [];

  static override styles = [unsafeCSS(uPlotStyle), base, longName, spotted, tip, chartStyle];

  constructor() {
    super();
    this.box = null;
    this.hovered = null;
    onResize(this, () => this.#resize());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#escape);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#escape);
    this.#destroy();
  }

  override render(): TemplateResult {
    return html`
      <div class="plot" role="img" aria-label=${this.#text()}></div>
      ${this.box && !this.blank ? this.#slider(this.box) : nothing}
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
    if (same(lines, this.#drawn) && !anyOf(changed, "axis", "blank", "dark")) {
      if (remarked) this.#plot?.redraw(false, true);
      return;
    }
    this.#drawn = lines;
    this.#draw();
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

  /** The exact numbers at the point that is being pointed at. */
  #tip(): TemplateResult | typeof nothing {
    const epsilon = this.hovered === null ? undefined : this.#epsilons[this.hovered];
    // The focused run first; the others in the order of their names.
    const lines = this.#lines().sort((a, b) => Number(b.focused) - Number(a.focused));
    if (epsilon === undefined || !this.box || lines.length === 0) return nothing;
    const { left, top, width, height } = this.box;
    const others = comparisons(this.#focus?.record);
    // It stays within the plot: below it are the axis and its buttons.
    const room = Math.floor((height - AROUND) / LINE) - 1 - others.length;
    const told = lines.length <= room ? lines.length : Math.max(1, Math.min(TOLD, room - 1));
    const x = left + this.axis.place(epsilon) * width;
    const [text, other] = bothTexts(epsilon, this.axis.decimals);
    return html`
      <div class="tip" style="top: ${top}px; ${beside(x, left + width / 2, 14)}">
        <div class="at">
          <span>${text}</span>
          <span>${epsilon === 0 ? this.words.clean : `${this.axis.decimals ? "=" : "ε ="} ${other}`}</span>
        </div>
        ${lines.slice(0, told).map((run) => {
          const accuracy = accuracyAt(run.record, epsilon);
          return accuracy === null
            ? nothing
            : html`<div
                class="spotted"
                data-mark=${run.mark}
                style="--colour: var(${run.colour})"
              >
                ${cutName(run.short, run.name)}<span>${percent(accuracy)}</span>
              </div>`;
        })}
        ${others.map(({ name, accuracies }) => {
          const accuracy = accuracies(epsilon);
          return accuracy === null
            ? nothing
            : html`<div class="at"><span>${this.words[name]}</span><span>${percent(accuracy)}</span></div>`;
        })}
        ${
          lines.length > told
            ? html`<div class="at">${this.words.moreRuns(grouped(lines.length - told))}</div>`
            : nothing
        }
      </div>
    `;
  }

  get #focus(): RunView | undefined {
    return this.runs.find((run) => run.focused && run.record);
  }

  #lines(): RunView[] {
    return this.runs.filter((run) => run.record);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (this.#plot && width > 0) this.#plot.setSize({ width, height });
    else if (width > 0 && this.hasUpdated) this.#draw();
  }

  /** Takes the numbers away that cover a part of the plot, until the pointer moves on. */
  readonly #escape = (event: KeyboardEvent) => {
    if (event.key === "Escape") this.hovered = null;
  };

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** Draws the lines: builds the plot anew only where there are others, or they look otherwise. */
  #draw(): void {
    const target = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (!target || this.clientWidth === 0) return;
    // The focused run's line lies on top.
    const lines = this.#lines().sort((a, b) => Number(a.focused) - Number(b.focused));
    const epsilons = new Set([0, ...lines.flatMap((run) => run.record?.epsilons ?? [])]);
    this.#epsilons = [...epsilons].sort((a, b) => a - b);
    const points = lines.map((run) =>
      this.#epsilons.map((epsilon) => accuracyAt(run.record, epsilon)),
    );
    const places = this.#epsilons.map(this.axis.place);
    const others = comparisons(this.#focus?.record).map(({ accuracies }) =>
      this.#epsilons.map((epsilon) => accuracies(epsilon)),
    );
    const { dark } = this;
    const kinds = comparisons(this.#focus?.record).map(({ name }) => name);
    const looks = JSON.stringify([dark, kinds, lines.map(({ name, focused }) => [name, focused])]);
    const drawn: uPlot.AlignedData = [places, ...others, ...points];
    // Another step has other numbers, for which a plot is not worth building and throwing away.
    if (this.#plot && looks === this.#looks) {
      this.#plot.setData(drawn, false);
      this.#plot.redraw(true, true);
      return;
    }
    this.#destroy();
    this.#looks = looks;
    this.#plot = new uPlot(this.#options(lines), drawn, target);
    this.#plot.over.addEventListener("pointerdown", (event) => {
      this.renderRoot.querySelector<EpsilonSlider>("fgsm-epsilon")?.grab(event);
    });
  }

  #options(lines: readonly RunView[]): uPlot.Options {
    const style = getComputedStyle(this);
    const axis: uPlot.Axis = {
      stroke: style.getPropertyValue("--muted"),
      grid: { stroke: style.getPropertyValue("--hairline"), width: 1 },
      ticks: { show: false },
      font: LABEL_FONT,
    };
    return {
      width: this.clientWidth,
      height: this.clientHeight,
      padding: [10, MARGIN, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 9 },
        // The line stands at the point whose numbers are told, not where the pointer is.
        move: (plot, left, top) => {
          const place = plot.data[0][plot.posToIdx(left)];
          return [left < 0 || place === undefined ? left : plot.valToPos(place, "x"), top];
        },
      },
      scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
      axes: [
        {
          ...axis,
          size: 38,
          gap: 10,
          splits: () => this.#marks().map(this.axis.place),
          values: ({ bbox }) =>
            axisLabels(this.axis, this.#marks(), this.#mark, bbox.width / devicePixelRatio),
        },
        {
          ...axis,
          size: 44,
          gap: 8,
          splits: () => [0, 0.25, 0.5, 0.75, 1],
          values: (_, splits) => splits.map((at) => (at === 1 ? "100 %" : `${100 * at}`)),
        },
      ],
      series: [
        {},
        ...comparisons(this.#focus?.record).map(({ name }) =>
          dashedLine(style.getPropertyValue(this.#focus?.colour ?? ""), DASHES[name]),
        ),
        ...lines.map((run) => line(run, style.getPropertyValue(run.colour))),
      ],
      hooks: {
        // Behind the lines, before they are drawn.
        drawAxes: [(plot) => this.#drawFlips(plot)],
        draw: [(plot) => this.#measure(plot)],
        setCursor: [
          ({ cursor }) => {
            this.hovered = (cursor.left ?? -1) < 0 ? null : (cursor.idx ?? null);
          },
        ],
      },
    };
  }

  /** Bars at the foot of the plot: how many samples flip where, if that was searched for. */
  #drawFlips({ ctx, bbox }: uPlot): void {
    const { record, colour } = this.#focus ?? {};
    if (!record?.attack.refine || !colour) return;
    const counts = flipsAlong(record, this.axis, PARTS);
    const most = Math.max(...counts);
    const width = bbox.width / PARTS;
    ctx.save();
    ctx.fillStyle = ctx.strokeStyle = getComputedStyle(this).getPropertyValue(colour);
    ctx.lineWidth = devicePixelRatio;
    for (const [part, count] of counts.entries()) {
      const height = most > 0 ? (count / most) * bbox.height * BARS : 0;
      const left = bbox.left + part * width;
      if (height === 0) continue;
      const bar = [left + width * 0.1, bbox.top + bbox.height - height, width * 0.8] as const;
      ctx.globalAlpha = 0.22;
      ctx.fillRect(...bar, height);
      // Seen through so much, a bar is hardly seen: its edge is what stands out.
      ctx.globalAlpha = 1;
      ctx.strokeRect(...bar, height);
    }
    ctx.restore();
  }

  /** Tells the slider where the plot lies. */
  #measure({ bbox }: uPlot): void {
    const css = (pixels: number) => pixels / devicePixelRatio;
    const { left, top, width, height } = bbox;
    this.box = { left: css(left), top: css(top), width: css(width), height: css(height) };
  }

  /** The epsilons that the axis names: its ticks, and its end. */
  #marks(): readonly number[] {
    const { ticks, max } = this.axis;
    if (this.blank) return [];
    return ticks.includes(max) ? ticks : [...ticks, max];
  }
}

function dashedLine(stroke: string, dash: number[]): uPlot.Series {
  return { stroke, width: 1.5, dash, spanGaps: true, points: { show: false } };
}

function line(run: RunView, colour: string): uPlot.Series {
  return {
    stroke: colour,
    width: run.focused ? 2 : 1.5,
    spanGaps: true,
    points: { show: true, size: 6, width: 0, fill: colour, paths: points(run.mark) },
  };
}

/** Draws a line's points in the shape of its run's mark. */
function points(mark: Mark): uPlot.Series.Points.PathBuilder {
  return (plot, series, first, last) => {
    const fill = new Path2D();
    for (let i = first; i <= last; i++) {
      const [at, share] = [plot.data[0][i], plot.data[series]?.[i]];
      if (at === undefined || share == null) continue;
      const [x, y] = [plot.valToPos(at, "x", true), plot.valToPos(share, "y", true)];
      addMark(fill, mark, x, y, 3 * devicePixelRatio);
    }
    return { stroke: null, fill, flags: 1 | 2 };
  };
}

customElements.define("fgsm-chart", Chart);
