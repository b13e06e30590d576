import { accuracyAt } from "../model/run";
import { type Column, mix, parseColour, span } from "../model/training";

/** The colours of a map, as the stylesheet has them. */
export interface Palette {
  /** No accuracy, and all of it. */
  readonly surface: string;
  readonly colour: string;
  /** Where nothing was logged, and where it is on its way. */
  readonly nothing: string;
  readonly waiting: string;
  /** The lines over a step that cannot be read. */
  readonly hatch: string;
}

/** How much colour 0 % has: or it would look as if there were no accuracy. */
const LEAST = 0.08;
/** From this many device pixels on, cells are set apart by a gap. */
const GAPPED = 8;

/** Draws accuracy by step and epsilon onto a canvas, at the screen's own resolution. */
export function paintMap(
  canvas: HTMLCanvasElement,
  columns: readonly Column[],
  rows: readonly number[],
  palette: Palette,
): void {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const [ground, full] = [parseColour(palette.surface), parseColour(palette.colour)];
  const gapX = width / columns.length >= GAPPED ? 1 : 0;
  const gapY = height / rows.length >= GAPPED ? 1 : 0;
  for (const [i, { curve, error, shown }] of columns.entries()) {
    const [left, right] = span(i, columns.length, width);
    const across = right - left - gapX;
    if (error || !curve) {
      context.fillStyle = shown === null || error ? palette.nothing : palette.waiting;
      context.fillRect(left, 0, across, height);
      if (error) hatch(context, left, across, height, palette.hatch);
      continue;
    }
    for (const [row, epsilon] of rows.entries()) {
      const [bottom, top] = span(row, rows.length, height);
      const accuracy = accuracyAt(curve, epsilon);
      context.fillStyle =
        accuracy === null ? palette.nothing : mix(ground, full, LEAST + (1 - LEAST) * accuracy);
      context.fillRect(left, height - top, across, top - bottom - gapY);
    }
  }
}

/** Slanted lines over a column, which go on from one column to the next. */
function hatch(
  context: CanvasRenderingContext2D,
  left: number,
  across: number,
  height: number,
  colour: string,
): void {
  const pitch = 7 * devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(left, 0, across, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = devicePixelRatio;
  context.beginPath();
  const first = Math.floor(left / pitch) * pitch;
  for (let x = first; x < left + across + height; x += pitch) {
    context.moveTo(x, 0);
    context.lineTo(x - height, height);
  }
  context.stroke();
  context.restore();
}
