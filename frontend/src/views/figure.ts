// Pictures with their captions as a picture of its own, for a paper or a message: black on white in any
// theme, and at twice a screen's usual resolution.

import type { Place, Size } from "../model/sheet";
import { FAMILY } from "./text-width";

/** A picture, or as long as it is not drawn its size, and what stands below it. */
export interface Panel<P extends Size> {
  readonly picture: P;
  /** Which picture it is. */
  readonly name: string;
  /** What the model says of it. */
  readonly said: string;
}

/** Three pictures in a row, original + noise = adversarial. */
export interface Figure<P extends Size = HTMLCanvasElement> {
  readonly title: string;
  readonly panels: readonly [Panel<P>, Panel<P>, Panel<P>];
  /** Where it comes from. */
  readonly note: string;
}

/** The side of a picture that stands alone, and its share of what lies around it, in pixels. */
const SIDE = 448;
const GAP = 64 / SIDE;
const TEXT = 26 / SIDE;
const SMALL = 21 / SIDE;
const SIGN = 40 / SIDE;
const SPACE = 10 / SIDE;
const LEADING = 1.35;
/** Text is no smaller than this, however small the pictures, in pixels. */
const SMALLEST = 17;

const INK = "#202124";
export const MUTED = "#5a5f66";

function textSize(side: number): number {
  return Math.max(SMALLEST, TEXT * side);
}

/** A picture's size in every figure of this side: enlarged by whole factors, never shrunk. */
function pictureSize({ width, height }: Size, side: number): Size {
  const factor = Math.max(1, Math.floor(side / Math.max(width, height)));
  return { width: factor * width, height: factor * height };
}

/** Some lines of text, from a top on. */
interface Block {
  readonly lines: readonly string[];
  readonly size: number;
  readonly colour: string;
}

interface Laid extends Size {
  readonly picture: Size;
  /** The width of a picture's place, its caption's too. */
  readonly place: number;
  readonly title: Block;
  readonly captions: readonly (readonly Block[])[];
  readonly note: Block;
}

/** How large a figure is drawn, with pictures of about this side. */
export function figureSize(
  context: CanvasRenderingContext2D,
  figure: Figure<Size>,
  side = SIDE,
): Size {
  const { width, height } = lay(context, figure, side);
  return { width, height };
}

/** Draws a figure onto a white context with its upper left corner at a place. */
export function drawFigure(
  context: CanvasRenderingContext2D,
  figure: Figure,
  { x, y }: Place,
  side = SIDE,
): void {
  const { picture, place, title, captions, note } = lay(context, figure, side);
  const gap = GAP * side;
  context.save();
  context.translate(x, y);
  context.imageSmoothingEnabled = false;
  write(context, title, 0, 0, "left");
  // Between two pixels, a picture's edge would be neither its own nor white.
  const top = Math.round(heightOf(title) + textSize(side) / 2);
  let bottom = top + picture.height;
  for (const [i, { picture: canvas }] of figure.panels.entries()) {
    const left = i * (place + gap);
    const inset = Math.round(left + (place - picture.width) / 2);
    context.drawImage(canvas, inset, top, picture.width, picture.height);
    const sign: Block = { lines: ["+=".charAt(i)], size: SIGN * side, colour: MUTED };
    const middle = top + (picture.height - heightOf(sign)) / 2;
    write(context, sign, left + place + gap / 2, middle, "center");
    let line = top + picture.height + SPACE * side;
    for (const block of captions[i] ?? []) {
      write(context, block, left + place / 2, line, "center");
      line += heightOf(block);
    }
    bottom = Math.max(bottom, line);
  }
  write(context, note, 0, bottom + textSize(side) / 2, "left");
  context.restore();
}

/** A text in lines that fit. */
export function block(
  context: CanvasRenderingContext2D,
  text: string,
  room: number,
  size: number,
  colour = INK,
): Block {
  context.font = `${size}px ${FAMILY}`;
  return { lines: wrap(context, text, room), size, colour };
}

function lay(
  context: CanvasRenderingContext2D,
  { title, panels, note }: Figure<Size>,
  side: number,
): Laid {
  const picture = pictureSize(panels[0].picture, side);
  const gap = GAP * side;
  const text = textSize(side);
  const place = Math.max(picture.width, side / 2);
  const width = 3 * place + 2 * gap;
  const captions = panels.map(({ name, said }) => [
    block(context, name, place + gap / 2, SMALL * side, MUTED),
    block(context, said, place + gap / 2, text),
  ]);
  const laid = {
    ...{ picture, place, captions, width },
    title: block(context, title, width, text),
    note: block(context, note, width, SMALL * side, MUTED),
  };
  const below = Math.max(...captions.map((blocks) => blocks.reduce((h, b) => h + heightOf(b), 0)));
  const around = heightOf(laid.title) + text + SPACE * side + heightOf(laid.note);
  return { ...laid, height: Math.ceil(around + picture.height + below) };
}

/** How high a block is. */
export function heightOf({ lines, size }: Block): number {
  return lines.length * size * LEADING;
}

/** Writes a block onto a context. */
export function write(
  context: CanvasRenderingContext2D,
  { lines, size, colour }: Block,
  x: number,
  y: number,
  align: CanvasTextAlign,
): void {
  context.font = `${size}px ${FAMILY}`;
  context.fillStyle = colour;
  context.textAlign = align;
  context.textBaseline = "top";
  for (const [i, line] of lines.entries()) context.fillText(line, x, y + i * size * LEADING);
}

/** Breaks a text into lines that fit, between words or, where one word is too long, within it. */
export function wrap(
  context: Pick<CanvasRenderingContext2D, "measureText">,
  text: string,
  room: number,
): string[] {
  const fits = (line: string) => context.measureText(line).width <= room;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of word) {
      if (line !== "" && !fits(line + letter)) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A canvas as a PNG file. */
export async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("the browser has no room for a picture of this size");
  return blob;
}

/** A white canvas of a size. */
export function blank(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  return context;
}

/** Room around a figure that stands alone, in pixels. */
const MARGIN = 32;

/** A figure as a PNG file. */
export function figurePng(figure: Figure): Promise<Blob> {
  const { width, height } = figureSize(blank(1, 1), figure);
  const context = blank(width + 2 * MARGIN, height + 2 * MARGIN);
  drawFigure(context, figure, { x: MARGIN, y: MARGIN });
  return pngOf(context.canvas);
}
