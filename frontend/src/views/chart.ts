import { html, nothing, type TemplateResult, unsafeCSS } from "lit";
import uPlot from "uplot";
import uPlotStyle from "uplot/dist/uPlot.min.css?inline";
import type { Axis, Spacing } from "../model/axis";
import { comparisons } from "../model/comparisons";
import { bothTexts, grouped, percent, tickLabel } from "../model/format";
import { flipsAlong } from "../model/histogram";
import { same } from "../model/memo";
import { accuracyAt } from "../model/run";
import type { RunView } from "../store";
import { chartStyle, MARGIN } from "./chart.style";
import "./epsilon";
import { anyOf, DashboardElement, data, measured } from "./element";
import type { EpsilonSlider } from "./epsilon";
import { cutName, longName } from "./long-name";
import { onResize } from "./resizing";
import { FAMILY } from "./text-width";
import { base, spotted } from "./theme";
import { beside, tip } from "./tip";

const LABEL_FONT = `11px ${FAMILY}`;
/** How many runs' numbers are told at a point: more would not fit into the card. */
const TOLD = 7;
/** The least room between two labels of the epsilon axis, in pixels. */
const LABEL_GAP = 8;

/** How many bars tell where samples flip, and how much of the plot's height the highest takes. */
const PARTS = 32;
const BARS = 0.3;

/** How the lines are dashed that are drawn for comparison, in the focused run's colour. */
const DASHES = { randomNoise: [5, 4], plainFgsm: [1.5, 3] };

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
  /** What the plot was last drawn of. */
  #drawn: readonly unknown[] = [];

  static override styles = [unsafeCSS(uPlotStyle), base, longName, spotted, tip, chartStyle];

  constructor() {
    super();
    this.box = null;
    this.hovered = null;
    onResize(this, () => this.#resize());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#destroy();
  }

  override render(): TemplateResult {
    return html`
      <div class="plot" role="img" aria-label=${this.words.robustCurve}></div>
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

  #slider({ left, top, width, height }: Box): TemplateResult {
    return html`
      <fgsm-epsilon
        .store=${this.store}
        .words=${this.words}
        .axis=${this.axis}
        .epsilon=${this.epsilon}
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
    const { left, top, width } = this.box;
    const x = left + this.axis.place(epsilon) * width;
    const [text, other] = bothTexts(epsilon, this.axis.decimals);
    return html`
      <div class="tip" style="top: ${top}px; ${beside(x, left + width / 2, 14)}">
        <div class="at">
          <span>${text}</span>
          <span>${epsilon === 0 ? this.words.clean : `${this.axis.decimals ? "=" : "ε ="} ${other}`}</span>
        </div>
        ${lines.slice(0, TOLD).map((run) => {
          const accuracy = accuracyAt(run.record, epsilon);
          return accuracy === null
            ? nothing
            : html`<div class="spotted" style="--colour: var(${run.colour})">
                ${cutName(run.name)}<span>${percent(accuracy)}</span>
              </div>`;
        })}
        ${comparisons(this.#focus?.record).map(({ name, accuracies }) => {
          const accuracy = accuracies(epsilon);
          return accuracy === null
            ? nothing
            : html`<div class="at"><span>${this.words[name]}</span><span>${percent(accuracy)}</span></div>`;
        })}
        ${
          lines.length > TOLD
            ? html`<div class="at">${this.words.moreRuns(grouped(lines.length - TOLD))}</div>`
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

  #destroy(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  /** Builds the plot anew: cheap, and only when lines, axis or colours change. */
  #draw(): void {
    const target = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (!target || this.clientWidth === 0) return;
    this.#destroy();
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
    this.#plot = new uPlot(this.#options(lines), [places, ...others, ...points], target);
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
          values: (plot) => this.#labels(plot.bbox.width / devicePixelRatio),
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
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = getComputedStyle(this).getPropertyValue(colour);
    for (const [part, count] of counts.entries()) {
      const height = most > 0 ? (count / most) * bbox.height * BARS : 0;
      const left = bbox.left + part * width;
      ctx.fillRect(left + width * 0.1, bbox.top + bbox.height - height, width * 0.8, height);
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

  /**
   * The marks' labels; one that would touch another gives way, crooked numbers first and the one
   * of the current epsilon never.
   */
  #labels(width: number): string[] {
    const { place, decimals } = this.axis;
    const ticks = this.#marks();
    const texts = ticks.map((tick) => tickLabel(tick, decimals));
    const reach = texts.map((text) => (text.length * 6.2 + LABEL_GAP) / 2);
    const x = ticks.map((tick) => place(tick) * width);
    const crookedness = (i: number) => {
      if (i === this.#mark) return -1;
      return i === 0 || i === ticks.length - 1 ? 0 : (texts[i]?.length ?? 0);
    };
    const order = [...ticks.keys()].sort((a, b) => crookedness(a) - crookedness(b));
    const labelled: number[] = [];
    for (const i of order) {
      const free = labelled.every(
        (j) =>
          Math.abs((x[i] as number) - (x[j] as number)) >=
          (reach[i] as number) + (reach[j] as number),
      );
      if (free) labelled.push(i);
    }
    return texts.map((text, i) => (labelled.includes(i) ? text : ""));
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
    points: { show: true, size: 6, width: 0, fill: colour },
  };
}

customElements.define("fgsm-chart", Chart);
