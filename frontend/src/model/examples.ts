// A sample's pictures where the attack has no one direction: one for each logged epsilon. Pure
// functions on typed arrays.

/** RGBA levels, opaque, as the browser decodes them. */
export type Levels = Uint8ClampedArray<ArrayBufferLike>;

export interface Film {
  readonly original: Levels;
  /** One a logged epsilon. */
  readonly adversarial: readonly Levels[];
}

/** What a film occupies, in bytes. */
export function weightOf({ original, adversarial }: Film): number {
  return original.byteLength * (1 + adversarial.length);
}

/** The picture at a place among the logged epsilons; -1 is the original. */
export function frameAt({ original, adversarial }: Film, place: number): Levels {
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
