// An original and its adversarial picture at one epsilon, level for level: what they differ in. Pure
// functions on RGBA levels.

import { type Decoded, type Examples, exampleAt, type Levels } from "./examples";
import { draw, type Entries, ORIGINAL, type Table } from "./pixels";
import type { Picture } from "./record";

export interface Pair {
  readonly original: Levels;
  readonly adversarial: Levels;
}

/**
 * @param table the adversarial picture, where all epsilons have one direction
 * @param place of the picture among the logged epsilons, where each has its own; -1 is the original
 */
export function pairOf(decoded: Exclude<Decoded, string>, table: Table, place: number): Pair {
  if (!ArrayBuffer.isView(decoded)) return ofExamples(decoded, place);
  return { original: drawn(decoded, ORIGINAL), adversarial: drawn(decoded, table) };
}

function ofExamples(examples: Examples, place: number): Pair {
  return { original: examples.original, adversarial: exampleAt(examples, place) };
}

function drawn(entries: Entries, table: Table): Levels {
  const levels = new Uint8ClampedArray((entries.length / 3) * 4);
  draw(entries, table, new Uint32Array(levels.buffer));
  return levels;
}

/** How many levels a pixel of the stored pictures has: red, green and blue, or grey. */
export function shades({ channels }: Picture): 1 | 3 {
  return channels < 3 ? 1 : 3;
}

/** A pixel's levels in both pictures. */
export interface Pixel {
  readonly original: readonly number[];
  readonly adversarial: readonly number[];
  /** Adversarial less original. */
  readonly difference: readonly number[];
}

/** @param at the pixel's place, row by row */
export function pixelOf(pair: Pair, at: number, shades: 1 | 3): Pixel {
  const levels = (of: Levels) => [...of.subarray(4 * at, 4 * at + shades)];
  const [original, adversarial] = [levels(pair.original), levels(pair.adversarial)];
  return {
    original,
    adversarial,
    difference: adversarial.map((level, i) => level - (original[i] ?? 0)),
  };
}

/** How far an adversarial picture is from its original. */
export interface Distance {
  /** The largest difference of a level, in levels: L-infinity times 255. */
  readonly most: number;
  /** The Euclidean length of the difference, levels being from 0 to 1. */
  readonly euclidean: number;
  /** How many pixels differ, of how many. */
  readonly moved: number;
  readonly pixels: number;
}

export function distance({ original, adversarial }: Pair, shades: 1 | 3): Distance {
  let most = 0;
  let squares = 0;
  let moved = 0;
  for (let i = 0; i < original.length; i += 4) {
    let within = 0;
    for (let c = i; c < i + shades; c++) {
      const difference = Math.abs((adversarial[c] as number) - (original[c] as number));
      squares += difference * difference;
      if (difference > within) within = difference;
    }
    if (within > 0) moved++;
    if (within > most) most = within;
  }
  const pixels = original.length / 4;
  return { most, euclidean: Math.sqrt(squares) / 255, moved, pixels };
}
