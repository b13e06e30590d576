import type { Axis } from "../model/axis";
import { comparisons, DASHES } from "../model/comparisons";
import { flipBars } from "../model/histogram";
import { wilson } from "../model/interval";
import { accuracyAt } from "../model/run";
import type { RunView } from "../store";
import { axisLabels } from "./axis-labels";
import { MARGIN } from "./chart.style";
import { addMark } from "./marks";
import { FAMILY } from "./text-width";

const LABEL_FONT = `11px ${FAMILY}`;

/** The room around the plot, in CSS pixels: half a label above it, and the axes' labels. */
const ABOVE = 10;
const LEFT = 44;
const BELOW = 38;

/** How far from the plot its labels are. */
const GAPS = { left: 8, below: 10 };

/** Half of the line at the end of an interval. */
const CAP = 3;

/** The shares that the axis of accuracy names. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** Where the plot lies within the chart, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The plot of a chart of this size. */
export function plotIn({ clientWidth, clientHeight }: Element): Box {
  const width = Math.max(0, clientWidth - LEFT - MARGIN);
  return { left: LEFT, top: ABOVE, width, height: Math.max(0, clientHeight - ABOVE - BELOW) };
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
}

/** The runs with the focused one last: its line lies on top. */
export function stacked(lines: readonly RunView[]): RunView[] {
  return [...lines].sort((a, b) => Number(a.focused) - Number(b.focused));
}

/** The epsilons at which any line has a point, increasing. */
export function pointsOf(lines: readonly RunView[]): number[] {
  const epsilons = new Set([0, ...lines.flatMap((run) => run.record?.epsilons ?? [])]);
  return [...epsilons].sort((a, b) => a - b);
}

/** The place of the point among these that is nearest to a place on the axis, from 0 to 1. */
export function nearest(epsilons: readonly number[], axis: Axis, place: number): number {
  const distances = epsilons.map((epsilon) => Math.abs(axis.place(epsilon) - place));
  return distances.indexOf(Math.min(...distances));
}

/** The chart's lines, axes and bars, drawn on a canvas. */
export class Plot {
  readonly #pen: CanvasRenderingContext2D;
  readonly #box: Box;
  readonly #sheet: Sheet;
  readonly #colour: (name: string) => string;

  /** @param element has the size, and the variables with the colours */
  constructor(element: Element, canvas: HTMLCanvasElement, sheet: Sheet) {
    this.#pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.#box = plotIn(element);
    this.#sheet = sheet;
    const style = getComputedStyle(element);
    this.#colour = (name) => style.getPropertyValue(name);
    canvas.width = Math.round(element.clientWidth * devicePixelRatio);
    canvas.height = Math.round(element.clientHeight * devicePixelRatio);
    this.#pen.scale(devicePixelRatio, devicePixelRatio);
    this.#pen.lineJoin = "round";
  }

  draw(): void {
    const { focus, lines } = this.#sheet;
    this.#drawAxes();
    this.#drawFlips();
    for (const { name, accuracies, count } of comparisons(focus?.record)) {
      const colour = this.#colour(focus?.colour ?? "");
      this.#trace(this.#points(accuracies), colour, 1.5, DASHES[name]);
      if (count) this.#drawIntervals(accuracies, count, colour);
    }
    for (const run of stacked(lines)) {
      const points = this.#points((epsilon) => accuracyAt(run.record, epsilon));
      const colour = this.#colour(run.colour);
      this.#trace(points, colour, run.focused ? 2 : 1.5);
      const marks = new Path2D();
      for (const [x, y] of points) addMark(marks, run.mark, x, y, 3);
      this.#pen.fillStyle = colour;
      this.#pen.fill(marks);
    }
  }

  /** Where a line has points, in CSS pixels. */
  #points(accuracies: (epsilon: number) => number | null): (readonly [number, number])[] {
    return pointsOf(this.#sheet.lines).flatMap((epsilon) => {
      const share = accuracies(epsilon);
      return share === null ? [] : [[this.#x(epsilon), this.#y(share)] as const];
    });
  }

  /** How sure the shares of a few samples are. */
  #drawIntervals(
    accuracies: (epsilon: number) => number | null,
    count: number,
    colour: string,
  ): void {
    const whiskers = new Path2D();
    for (const epsilon of pointsOf(this.#sheet.lines)) {
      const share = accuracies(epsilon);
      if (share === null) continue;
      const [low, high] = wilson(share, count).map((end) => crisp(this.#y(end)));
      const x = crisp(this.#x(epsilon));
      for (const end of [low, high]) {
        whiskers.moveTo(x - CAP, end ?? 0);
        whiskers.lineTo(x + CAP, end ?? 0);
      }
      whiskers.moveTo(x, low ?? 0);
      whiskers.lineTo(x, high ?? 0);
    }
    this.#pen.strokeStyle = colour;
    this.#pen.lineWidth = 1;
    this.#pen.stroke(whiskers);
  }

  #x(epsilon: number): number {
    const { left, width } = this.#box;
    return left + this.#sheet.axis.place(epsilon) * width;
  }

  #y(share: number): number {
    const { top, height } = this.#box;
    return top + (1 - share) * height;
  }

  #trace(
    points: readonly (readonly [number, number])[],
    colour: string,
    width: number,
    dash: number[] = [],
  ): void {
    const pen = this.#pen;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(crisp(x), crisp(y));
    pen.stroke();
    pen.setLineDash([]);
  }

  #drawAxes(): void {
    const { left, top, width, height } = this.#box;
    const { axis, marks, mark } = this.#sheet;
    const pen = this.#pen;
    pen.fillStyle = this.#colour("--hairline");
    const hair = Math.max(1, Math.round(devicePixelRatio)) / devicePixelRatio;
    for (const epsilon of marks) pen.fillRect(crisp(this.#x(epsilon)), top, hair, height);
    for (const share of SHARES) pen.fillRect(left, crisp(this.#y(share)), width, hair);
    pen.fillStyle = this.#colour("--muted");
    pen.font = LABEL_FONT;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const [i, label] of axisLabels(axis, marks, mark, width).entries()) {
      pen.fillText(label, this.#x(marks[i] ?? 0), top + height + GAPS.below);
    }
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const share of SHARES) {
      pen.fillText(share === 1 ? "100 %" : `${100 * share}`, left - GAPS.left, this.#y(share));
    }
  }

  /** Bars at the foot of the plot: how many samples flip where, if that was searched for. */
  #drawFlips(): void {
    const { left, top, width, height } = this.#box;
    const { focus, axis } = this.#sheet;
    const { record, colour } = focus ?? {};
    if (!record?.attack.refine || !colour) return;
    const bars = flipBars(record, axis);
    const part = width / bars.length;
    const pen = this.#pen;
    pen.fillStyle = pen.strokeStyle = this.#colour(colour);
    pen.lineWidth = 1;
    for (const [i, share] of bars.entries()) {
      if (share === 0) continue;
      const high = share * height;
      const bar = [left + (i + 0.1) * part, top + height - high, part * 0.8, high] as const;
      pen.globalAlpha = 0.22;
      pen.fillRect(...bar);
      // Seen through so much, a bar is hardly seen: its edge is what stands out.
      pen.globalAlpha = 1;
      pen.strokeRect(...bar);
    }
  }
}

/** A place on the border of two of the screen's pixels. */
function crisp(at: number): number {
  return Math.round(at * devicePixelRatio) / devicePixelRatio;
}
