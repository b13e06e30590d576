// A sample's stored pictures, decoded: the original and the direction, or, where the attack has no
// one direction, the original and an adversarial example for each logged epsilon. Pure functions.

import type { Entries } from "./pixels";
import type { Record } from "./record";

/** RGBA levels, opaque, as the browser decodes them. */
export type Levels = Uint8ClampedArray<ArrayBufferLike>;

/** The original, and an adversarial example for each logged epsilon. */
export interface Examples {
  readonly original: Levels;
  readonly adversarial: readonly Levels[];
}

/** Which of a sample's stored pictures cannot be used. */
export type Damage = "original" | "direction" | "adversarial";

/** A sample's pictures: with one direction or with an example an epsilon; or the damage. */
export type Decoded = Entries | Examples | Damage;

/** How many pictures are stored of each sample: the original, and the direction or each epsilon's. */
export function picturesOf({ pictures, epsilons }: Record): number {
  return pictures === "each" ? 1 + epsilons.length : 2;
}

/** What a pixel of a sample's decoded pictures occupies: joined entries, or four levels of each. */
export function bytesAPixel(record: Record): number {
  return record.pictures === "each" ? 4 * picturesOf(record) : 3 * Uint16Array.BYTES_PER_ELEMENT;
}

/** What a sample's decoded pictures occupy, in bytes. */
export function weightOf(decoded: Decoded): number {
  if (typeof decoded === "string") return 0;
  if (ArrayBuffer.isView(decoded)) return decoded.byteLength;
  return decoded.original.byteLength * (1 + decoded.adversarial.length);
}

/** The picture at a place among the logged epsilons; -1 is the original. */
export function exampleAt({ original, adversarial }: Examples, place: number): Levels {
  return adversarial[place] ?? original;
}

/**
 * Draws what an adversarial picture differs in from the original, around grey: each level is
 * clamp(floor(127.5 + times·d + 0.5), 0, 255), with d the difference of the levels; 128 where there
 * is none. As pixels.ts draws the noise of a direction, of which d is 255·ε·s.
 */
export function drawDifference(
  original: Levels,
  adversarial: Levels,
  times: number,
  drawn: Levels,
): void {
  for (let i = 0; i < drawn.length; i++) {
    const difference = (adversarial[i] as number) - (original[i] as number);
    // The array clamps by itself; in each pixel the fourth level is how opaque it is.
    if (i % 4 === 3) drawn[i] = 255;
    else drawn[i] = difference === 0 ? 128 : Math.floor(127.5 + times * difference + 0.5);
  }
}
