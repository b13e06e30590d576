import uPlot from "uplot";
import type { Axis } from "../model/axis";
import { comparisons, DASHES } from "../model/comparisons";
import { flipBars } from "../model/histogram";
import { accuracyAt } from "../model/run";
import type { Mark } from "../model/selection";
import type { RunView } from "../store";
import { axisLabels } from "./axis-labels";
import { MARGIN } from "./chart.style";
import { addMark } from "./marks";
import { FAMILY } from "./text-width";

const LABEL_FONT = `11px ${FAMILY}`;

/** Where the plot lies within the chart, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What is drawn now. */
export interface Sheet {
  /** The runs that have a record, the one in focus among them. */
  readonly lines: readonly RunView[];
  readonly focus: RunView | undefined;
  readonly axis: Axis;
  /** The epsilons that the axis names, and the place of the current one among them, or -1. */
  readonly marks: readonly number[];
  readonly mark: number;
  readonly dark: boolean;
}

/** Whom the plot tells what happens to it. */
export interface Listener {
  readonly sheet: () => Sheet;
  readonly placed: (box: Box) => void;
  /** The place of the point that is pointed at, among the epsilons; null where there is none. */
  readonly pointed: (place: number | null) => void;
  readonly pressed: (event: PointerEvent) => void;
}

/**
 * The chart's lines, axes and bars, drawn by uPlot: this is the only file that knows it. uPlot is
 * given places on our own axis and draws them as they are.
 */
export class Plot {
  readonly #element: HTMLElement;
  readonly #listener: Listener;
  #plot: uPlot | null = null;
  #epsilons: readonly number[] = [];
  /** Which lines there are, and how they look. */
  #looks = "";

  /** @param element has the size, and the variables with the colours */
  constructor(element: HTMLElement, listener: Listener) {
    this.#element = element;
    this.#listener = listener;
  }

  /** The epsilons at which any line has a point. */
  get epsilons(): readonly number[] {
    return this.#epsilons;
  }

  /** Draws the lines: builds the plot anew only where there are others, or they look otherwise. */
  draw(target: HTMLElement): void {
    const { lines: all, focus, axis, dark } = this.#listener.sheet();
    // The focused run's line lies on top.
    const lines = [...all].sort((a, b) => Number(a.focused) - Number(b.focused));
    const epsilons = new Set([0, ...lines.flatMap((run) => run.record?.epsilons ?? [])]);
    this.#epsilons = [...epsilons].sort((a, b) => a - b);
    const points = lines.map((run) =>
      this.#epsilons.map((epsilon) => accuracyAt(run.record, epsilon)),
    );
    const others = comparisons(focus?.record).map(({ accuracies }) =>
      this.#epsilons.map((epsilon) => accuracies(epsilon)),
    );
    const kinds = comparisons(focus?.record).map(({ name }) => name);
    const looks = JSON.stringify([dark, kinds, lines.map(({ name, focused }) => [name, focused])]);
    const drawn: uPlot.AlignedData = [this.#epsilons.map(axis.place), ...others, ...points];
    // Another step has other numbers, for which a plot is not worth building and throwing away.
    if (this.#plot && looks === this.#looks) {
      this.#plot.setData(drawn, false);
      this.#plot.redraw(true, true);
      return;
    }
    this.destroy();
    this.#looks = looks;
    this.#plot = new uPlot(this.#options(lines, focus), drawn, target);
    this.#plot.over.addEventListener("pointerdown", this.#listener.pressed);
  }

  /** Takes over the element's size; false where nothing is drawn yet. */
  resize(): boolean {
    const { clientWidth: width, clientHeight: height } = this.#element;
    this.#plot?.setSize({ width, height });
    return this.#plot !== null;
  }

  /** Draws the axes anew, as another of their labels must be seen. */
  relabel(): void {
    this.#plot?.redraw(false, true);
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #options(lines: readonly RunView[], focus: RunView | undefined): uPlot.Options {
    const style = getComputedStyle(this.#element);
    const axis: uPlot.Axis = {
      stroke: style.getPropertyValue("--muted"),
      grid: { stroke: style.getPropertyValue("--hairline"), width: 1 },
      ticks: { show: false },
      font: LABEL_FONT,
    };
    return {
      width: this.#element.clientWidth,
      height: this.#element.clientHeight,
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
          splits: () => {
            const { axis, marks } = this.#listener.sheet();
            return marks.map(axis.place);
          },
          values: ({ bbox }) => {
            const { axis, marks, mark } = this.#listener.sheet();
            return axisLabels(axis, marks, mark, bbox.width / devicePixelRatio);
          },
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
        ...comparisons(focus?.record).map(({ name }) =>
          dashedLine(style.getPropertyValue(focus?.colour ?? ""), DASHES[name]),
        ),
        ...lines.map((run) => line(run, style.getPropertyValue(run.colour))),
      ],
      hooks: {
        // Behind the lines, before they are drawn.
        drawAxes: [(plot) => this.#drawFlips(plot)],
        draw: [({ bbox }) => this.#listener.placed(inPage(bbox))],
        setCursor: [
          ({ cursor }) => {
            this.#listener.pointed((cursor.left ?? -1) < 0 ? null : (cursor.idx ?? null));
          },
        ],
      },
    };
  }

  /** Bars at the foot of the plot: how many samples flip where, if that was searched for. */
  #drawFlips({ ctx, bbox }: uPlot): void {
    const { focus, axis } = this.#listener.sheet();
    const { record, colour } = focus ?? {};
    if (!record?.attack.refine || !colour) return;
    const bars = flipBars(record, axis);
    const width = bbox.width / bars.length;
    ctx.save();
    ctx.fillStyle = ctx.strokeStyle = getComputedStyle(this.#element).getPropertyValue(colour);
    ctx.lineWidth = devicePixelRatio;
    for (const [part, share] of bars.entries()) {
      const height = share * bbox.height;
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
}

/** In CSS pixels. */
function inPage({ left, top, width, height }: uPlot.BBox): Box {
  const css = (pixels: number) => pixels / devicePixelRatio;
  return { left: css(left), top: css(top), width: css(width), height: css(height) };
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
