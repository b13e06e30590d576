// How large cards and pictures are. Pure functions, in CSS pixels.

/** The gap between cards, a card's padding on both sides together, and the least room that an
 * operator between two pictures takes. */
export const GAP = 12;
export const PADDING = 26;
export const OPERATOR = 21;

/** A card's height but for its pictures: its head, its captions, its padding and border. */
export const FURNITURE = 92;

/** The width below which a card's head has no room for its spark. */
export const SPARKLESS = 380;

/** How many cards of at least `size` lie side by side in `width`, and how wide each is. */
export function columns(width: number, size: number): { count: number; card: number } {
  const count = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  return { count, card: (width - GAP * (count - 1)) / count };
}

/** The longest side of a picture whose pixels are to be told apart, a digit's or an icon's. */
const SMALL = 96;

export interface Fit {
  readonly width: number;
  readonly height: number;
  /** Whether each of the picture's pixels is a whole number of the screen's, and is to be sharp. */
  readonly crisp: boolean;
}

/**
 * The size at which a card shows each of its three pictures: as large as fits. Small pictures are
 * enlarged by whole factors only, so that every pixel has the same size; photographs freely.
 *
 * @param ratio device pixels per CSS pixel
 */
export function fitPicture(
  picture: { readonly width: number; readonly height: number },
  card: number,
  ratio: number,
): Fit {
  const side = Math.max(1, (card - PADDING - 2 * OPERATOR) / 3);
  const longest = Math.max(picture.width, picture.height);
  const free = (side * ratio) / longest;
  const crisp = free >= 1 && longest <= SMALL;
  const factor = (crisp ? Math.floor(free) : free) / ratio;
  return { width: picture.width * factor, height: picture.height * factor, crisp };
}
