// Where samples lie for the model, and where epsilon moves them: points in a plane. Pure functions.

import { bytesOf } from "./base64";
import type { Embedding, Record } from "./record";
import { colour, type Mark, mark } from "./selection";

/** Left, bottom, right, top. */
export type Box = readonly [number, number, number, number];

/** The samples of a step in the plane. */
export interface Cloud {
  readonly count: number;
  /** 0 and the logged epsilons, increasing: at each there is a place a sample. */
  readonly epsilons: readonly number[];
  /** Of each epsilon, sample by sample, x and y. */
  readonly places: Float64Array;
  readonly indices: readonly number[];
  readonly labels: readonly number[];
  /** Infinity where a sample does not flip; 0 where it is wrong without attack. */
  readonly flips: readonly number[];
  readonly box: Box;
  readonly fit: string;
  /** What share of the variance each axis has. */
  readonly explained: readonly [number, number];
  /** The classes that there are, increasing. */
  readonly classes: readonly number[];
  /**
   * How far a class's centre is away from the nearest other one, without attack: the median over all
   * classes; null with less than two.
   */
  readonly apart: number | null;
}

/** The largest 16-bit level, which lies at the right or upper side of the box. */
const LEVELS = 65535;

/** Reads what a record stores; null where it stores none, or other than it says. */
export function cloudOf(
  record: Pick<Record, "epsilons" | "embedding"> | null | undefined,
): Cloud | null {
  const stored = record?.embedding;
  if (!record || !stored) return null;
  const { indices, labels, fit, explained } = stored;
  const box = stored.box as unknown as Box;
  const epsilons = [0, ...record.epsilons];
  const levels = levelsOf(stored);
  const length = 2 * indices.length * epsilons.length;
  if (levels.byteLength !== 2 * length) return null;
  const [left, bottom, right, top] = box;
  const places = new Float64Array(length);
  for (let at = 0; at < length; at += 2) {
    places[at] = left + (levels.getUint16(2 * at, true) / LEVELS) * (right - left);
    places[at + 1] = bottom + (levels.getUint16(2 * at + 2, true) / LEVELS) * (top - bottom);
  }
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  return {
    count: indices.length,
    epsilons,
    places,
    indices,
    labels,
    flips: stored.flip_epsilons.map((flip) => flip ?? Number.POSITIVE_INFINITY),
    box,
    fit,
    explained: [explained[0], explained[1]],
    classes,
    apart: spacing(classes, labels, places),
  };
}

function levelsOf({ positions }: Embedding): DataView {
  return new DataView(bytesOf(positions).buffer);
}

/**
 * Where all samples lie at an epsilon, x and y of each: between two logged ones on the straight line
 * from one place to the next, beyond the last one there.
 */
export function placesAt({ count, epsilons, places }: Cloud, epsilon: number): Float64Array {
  const found = new Float64Array(2 * count);
  const after = epsilons.findIndex((logged) => logged > epsilon);
  const below = (after < 0 ? epsilons.length : after) - 1;
  const [from, to] = [epsilons[below] as number, epsilons[below + 1]];
  const share = to === undefined ? 0 : (epsilon - from) / (to - from);
  const start = 2 * count * below;
  const next = to === undefined ? start : start + 2 * count;
  for (let i = 0; i < 2 * count; i++) {
    const [a, b] = [places[start + i] as number, places[next + i] as number];
    found[i] = a + share * (b - a);
  }
  return found;
}

export type PointState = "right" | "flipped" | "wrong";

/** A sample's state: flipped from the smallest epsilon on that is known to flip it. */
export function pointState({ flips }: Cloud, i: number, epsilon: number): PointState {
  const flip = flips[i] as number;
  if (flip === 0) return "wrong";
  // The epsilon may have come by way of the address or a slider's arithmetic.
  return flip <= epsilon + 1e-9 ? "flipped" : "right";
}

/** The colour's variable and the shape of a class's points: 21 classes have one that no other has. */
export function markOf({ classes }: Cloud, label: number): { colour: string; mark: Mark } {
  const place = classes.indexOf(label);
  return { colour: colour(place), mark: mark(place) };
}

/** What is told of the samples of a class, or of all (null), at an epsilon. */
export interface Told {
  readonly count: number;
  readonly flipped: number;
  /** How many are wrong without attack. */
  readonly wrong: number;
  /** How far the median one has moved, as a multiple of how far classes are apart; null of one class. */
  readonly moved: number | null;
}

export function toldAt(cloud: Cloud, epsilon: number, label: number | null): Told {
  const at = placesAt(cloud, epsilon);
  const clean = cloud.places;
  const distances: number[] = [];
  let [flipped, wrong] = [0, 0];
  for (let i = 0; i < cloud.count; i++) {
    if (label !== null && cloud.labels[i] !== label) continue;
    const state = pointState(cloud, i, epsilon);
    flipped += Number(state === "flipped");
    wrong += Number(state === "wrong");
    distances.push(
      Math.hypot(
        (at[2 * i] as number) - (clean[2 * i] as number),
        (at[2 * i + 1] as number) - (clean[2 * i + 1] as number),
      ),
    );
  }
  const far = median(distances);
  const moved = cloud.apart && far !== null ? far / cloud.apart : null;
  return { count: distances.length, flipped, wrong, moved };
}

function spacing(
  classes: readonly number[],
  labels: readonly number[],
  places: Float64Array,
): number | null {
  const centres = new Map(classes.map((label) => [label, { x: 0, y: 0, n: 0 }]));
  for (const [i, label] of labels.entries()) {
    const centre = centres.get(label);
    if (!centre) continue;
    centre.n += 1;
    centre.x += ((places[2 * i] as number) - centre.x) / centre.n;
    centre.y += ((places[2 * i + 1] as number) - centre.y) / centre.n;
  }
  const all = [...centres.values()];
  return median(
    all.flatMap((one) => {
      const others = all.filter((other) => other !== one);
      const nearest = others.map((other) => Math.hypot(other.x - one.x, other.y - one.y));
      return others.length > 0 ? [Math.min(...nearest)] : [];
    }),
  );
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** The smallest box around two. */
export function around(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** From a place in the plane to one on the canvas, both axes equally enlarged. */
export interface Scale {
  readonly x: (x: number) => number;
  readonly y: (y: number) => number;
}

/** @param edge how much room is kept along the sides, in pixels */
export function scaleOf(box: Box, width: number, height: number, edge: number): Scale {
  const [left, bottom, right, top] = box;
  const times = Math.max(
    0,
    Math.min((width - 2 * edge) / (right - left), (height - 2 * edge) / (top - bottom)),
  );
  return {
    x: (x) => width / 2 + (x - (left + right) / 2) * times,
    y: (y) => height / 2 - (y - (bottom + top) / 2) * times,
  };
}

/** The points on the canvas, x and y of each, and which of them are for choosing. */
export interface Points {
  readonly at: Float64Array;
  readonly chosen: (i: number) => boolean;
}

/** The point nearest to a place, within a reach; null where there is none. */
export function nearest(
  { at, chosen }: Points,
  x: number,
  y: number,
  reach: number,
): number | null {
  let best: number | null = null;
  let least = reach;
  for (let i = 0; i < at.length / 2; i++) {
    if (!chosen(i)) continue;
    const far = Math.hypot((at[2 * i] as number) - x, (at[2 * i + 1] as number) - y);
    if (far <= least) [best, least] = [i, far];
  }
  return best;
}

/**
 * The point that one expects next in a direction: the nearest of those that lie more in it than
 * beside it; null where there is none.
 */
export function towards(
  { at, chosen }: Points,
  from: number,
  dx: number,
  dy: number,
): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < at.length / 2; i++) {
    if (i === from || !chosen(i)) continue;
    const x = (at[2 * i] as number) - (at[2 * from] as number);
    const y = (at[2 * i + 1] as number) - (at[2 * from + 1] as number);
    const [along, across] = [x * dx + y * dy, Math.abs(x * dy - y * dx)];
    // What lies aside counts twice, so that a row of keys leads along a line.
    const far = along + 2 * across;
    if (along > 0 && along >= across && far < least) [best, least] = [i, far];
  }
  return best;
}
