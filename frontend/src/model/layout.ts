// How large cards and pictures are, and which rows of cards are in sight. Pure functions, in CSS
// pixels.

import type { Shape } from "./selection";

/** The gap between cards, a card's padding on both sides together, and the least room that an
 * operator between two pictures takes. */
export const GAP = 12;
export const PADDING = 26;
export const OPERATOR = 21;

/** The room between two pictures of a row that is no triplet; in a film strip the flip is marked there. */
export const STRIP_GAP = 14;

/** A card's height but for its pictures: head, captions, padding and border, by its shape. */
export const FURNITURE: { readonly [shape in Shape]: number } = {
  triplet: 92,
  strip: 112,
  compare: 142,
  time: 126,
};

/** The width below which a card's head has no room for its spark. */
export const SPARKLESS = 380;

/** The side of the smallest place for a picture in a row: it scrolls rather than shrinks. Compared
 * sides have their names and states there, and a triplet's places come as small on a phone. */
const LEAST_PLACE: { readonly [shape in Shape]: number } = {
  triplet: 1,
  strip: 72,
  compare: 100,
  time: 72,
};

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a card's pictures are laid out. */
export interface Fit extends Size {
  /** Whether each of the picture's pixels is a whole number of the screen's, and is to be sharp. */
  readonly crisp: boolean;
  /** The width of the place that a picture and its caption have: at least the picture's. */
  readonly place: number;
}

export interface Layout extends Fit {
  /** How many cards lie side by side. */
  readonly columns: number;
  /** The width of each. */
  readonly card: number;
}

/** How many cards of at least `size` lie side by side in `width`, and how wide each is. */
export function columns(width: number, size: number): { count: number; card: number } {
  const count = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  return { count, card: (width - GAP * (count - 1)) / count };
}

/** What a card is to look like. */
export interface Look {
  readonly shape: Shape;
  /** A triplet's least width; the pictures of other shapes are as large as a triplet's. */
  readonly size: number;
  /** Whether a pixel of a picture is one of the screen's. */
  readonly trueSize: boolean;
  /** How many pictures a card has side by side, if it is no triplet. */
  readonly length: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

/** How many pictures a card has side by side, if it is no triplet; two sides at least are expected. */
export function lengthOf(shape: Shape, epsilons: readonly number[], sides: number): number {
  if (shape === "time") return Math.max(1, sides);
  if (shape === "compare") return 1 + Math.max(2, sides);
  return 1 + epsilons.filter((epsilon) => epsilon > 0).length;
}

/** The layout of a grid of this width. */
export function lay(picture: Size, width: number, look: Look): Layout {
  const { shape, size, trueSize, length, ratio } = look;
  const wanted = trueSize ? picture.width / ratio : placeOf(size, "triplet", length);
  const least = trueSize || shape !== "triplet" ? cardOf(wanted, shape, length) : size;
  // At true size small pictures still leave some room for the names below them.
  const smallest = trueSize ? 320 : Math.min(size, 280);
  const { count, card } = columns(width, Math.min(width, Math.max(least, smallest)));
  const place = Math.max(placeOf(card, shape, length), Math.min(wanted, LEAST_PLACE[shape]));
  const fit = trueSize ? natural(picture, ratio) : fitPicture(picture, place, ratio);
  return { columns: count, card, ...fit, place: Math.max(place, fit.width) };
}

/** The room for each picture in a card of this width. */
function placeOf(card: number, shape: Shape, length: number): number {
  return shape === "triplet"
    ? (card - PADDING - 2 * OPERATOR) / 3
    : (card - PADDING - STRIP_GAP * (length - 1)) / length;
}

/** The width of a card whose pictures have this much room. */
function cardOf(place: number, shape: Shape, length: number): number {
  return shape === "triplet"
    ? 3 * place + 2 * OPERATOR + PADDING
    : length * place + STRIP_GAP * (length - 1) + PADDING;
}

function natural({ width, height }: Size, ratio: number): Omit<Fit, "place"> {
  return { width: width / ratio, height: height / ratio, crisp: true };
}

/**
 * The size at which a picture is shown in a square place: as large as fits. It is enlarged by whole
 * factors only, so that every pixel has the same size; and shrunk freely, and smoothly.
 *
 * @param ratio device pixels per CSS pixel
 */
export function fitPicture(picture: Size, place: number, ratio: number): Omit<Fit, "place"> {
  const free = (Math.max(1, place) * ratio) / Math.max(picture.width, picture.height);
  const crisp = free >= 1;
  const factor = (crisp ? Math.floor(free) : free) / ratio;
  return { width: picture.width * factor, height: picture.height * factor, crisp };
}

/** Some rows of a grid, from the first to before the last. */
export interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows that lie between two heights. All rows are equally high, so that this is a division.
 *
 * @param pitch from the top of a row to that of the next
 * @param count how many rows there are
 */
export function rowsBetween(top: number, bottom: number, pitch: number, count: number): Rows {
  const within = (row: number) => Math.min(count, Math.max(0, row));
  const from = within(Math.floor(top / pitch));
  return { from, to: Math.max(from, within(Math.ceil(bottom / pitch))) };
}

/**
 * The rows that lie between two heights, and some more on both sides: equally many wherever one
 * scrolls, so that their elements are moved, and none is made or dropped.
 *
 * @param spare how many more on each side
 */
export function rowsNear(
  top: number,
  bottom: number,
  pitch: number,
  count: number,
  spare: number,
): Rows {
  const first = Math.max(0, top);
  const parts = first > 0 ? 1 : 0;
  const most = Math.max(0, Math.ceil((bottom - first) / pitch)) + parts + spare;
  const to = Math.min(count, Math.floor(first / pitch) + most);
  return { from: Math.max(0, to - most - spare), to };
}

/** The whole numbers from one to before another. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
