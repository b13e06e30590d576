// Pictures with their captions as a picture of its own, for a paper or a message: black on white in any
// theme, and at twice a screen's usual resolution.

import { FAMILY } from "./text-width";

/** A picture and what stands below it. */
export interface Panel {
  readonly picture: HTMLCanvasElement;
  /** Which picture it is. */
  readonly name: string;
  /** What the model says of it. */
  readonly said: string;
}

/** Three pictures in a row, original + noise = adversarial. */
export interface Figure {
  readonly title: string;
  readonly panels: readonly [Panel, Panel, Panel];
  /** Where it comes from. */
  readonly note: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The side that a picture has at least room for, and its share of what lies around it, in pixels. */
const SIDE = 448;
const GAP = 64;
const TEXT = 26;
const SMALL = 21;
const LEADING = 1.35;

const INK = "#202124";
const MUTED = "#5a5f66";

/** The width of every figure with pictures of this size: enlarged by whole factors, never shrunk. */
function pictureSize({ width, height }: Size): Size {
  const factor = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
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

/** How large a figure is drawn. */
export function figureSize(context: CanvasRenderingContext2D, figure: Figure): Size {
  const { width, height } = lay(context, figure);
  return { width, height };
}

/** Draws a figure onto a context with its upper left corner at a place; returns its size. */
export function drawFigure(
  context: CanvasRenderingContext2D,
  figure: Figure,
  x: number,
  y: number,
): Size {
  const laid = lay(context, figure);
  const { picture, place, title, captions, note, width, height } = laid;
  context.save();
  context.translate(x, y);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  write(context, title, 0, 0, "left");
  const top = heightOf(title) + TEXT / 2;
  let bottom = top + picture.height;
  for (const [i, { picture: canvas }] of figure.panels.entries()) {
    const left = i * (place + GAP);
    const inset = (place - picture.width) / 2;
    context.drawImage(canvas, left + inset, top, picture.width, picture.height);
    const sign: Block = { lines: ["+=".charAt(i)], size: 40, colour: MUTED };
    write(context, sign, left + place + GAP / 2, top + picture.height / 2 - 27, "center");
    let line = top + picture.height + 10;
    for (const block of captions[i] ?? []) {
      write(context, block, left + place / 2, line, "center");
      line += heightOf(block);
    }
    bottom = Math.max(bottom, line);
  }
  write(context, note, 0, bottom + TEXT / 2, "left");
  context.restore();
  return { width, height };
}

function lay(context: CanvasRenderingContext2D, { title, panels, note }: Figure): Laid {
  const picture = pictureSize(panels[0].picture);
  const place = Math.max(picture.width, SIDE / 2);
  const width = 3 * place + 2 * GAP;
  const block = (text: string, room: number, size: number, colour: string): Block => {
    context.font = `${size}px ${FAMILY}`;
    return { lines: wrap(context, text, room), size, colour };
  };
  const captions = panels.map(({ name, said }) => [
    block(name, place + GAP / 2, SMALL, MUTED),
    block(said, place + GAP / 2, TEXT, INK),
  ]);
  const laid = {
    ...{ picture, place, captions, width },
    title: block(title, width, TEXT, INK),
    note: block(note, width, SMALL, MUTED),
  };
  const below = Math.max(...captions.map((blocks) => blocks.reduce((h, b) => h + heightOf(b), 0)));
  const height = heightOf(laid.title) + TEXT + picture.height + 10 + below + heightOf(laid.note);
  return { ...laid, height: Math.ceil(height) };
}

function heightOf({ lines, size }: Block): number {
  return lines.length * size * LEADING;
}

function write(
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

/** Room around a figure that stands alone, in pixels. */
const MARGIN = 32;

/** A figure as a PNG file. */
export function figurePng(figure: Figure): Promise<Blob> {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const { width, height } = figureSize(context, figure);
  canvas.width = width + 2 * MARGIN;
  canvas.height = height + 2 * MARGIN;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  drawFigure(context, figure, MARGIN, MARGIN);
  return pngOf(canvas);
}
