import { type Decoded, exampleAt } from "../model/examples";
import { Memo } from "../model/memo";
import { type Pair, pairOf } from "../model/pair";
import { fullContrast, ORIGINAL } from "../model/pixels";
import type { Record } from "../model/record";
import { type Logged, type NoiseScale, picturedAt } from "../model/selection";
import { noiseAt, paint, paintBetween, paintLevels, tableAt } from "./canvas";

/** The pictures of a sample: the difference is what is left of the noise after clipping. */
export type Kind = "original" | "noise" | "difference" | "adversarial";

/** A sample's pictures at an epsilon. */
export interface Seen {
  readonly decoded: Exclude<Decoded, string>;
  readonly record: Record;
  readonly at: Logged;
  readonly epsilon: number;
  readonly noise: NoiseScale;
}

const pairs = new Memo<Pair>();

/** The original and the adversarial picture, level for level. */
export function pairAt({ decoded, at, epsilon }: Seen): Pair {
  // Of an attack with a picture for each epsilon, the table has no part in it.
  const of = ArrayBuffer.isView(decoded) ? tableAt(epsilon) : at.index;
  return pairs.get([decoded, of], () => pairOf(decoded, tableAt(epsilon), at.index));
}

/** How many times as large noise and difference are shown. */
export function magnified({ record, at, epsilon, noise }: Omit<Seen, "decoded">): number {
  return noise ?? fullContrast(picturedAt(record, at, epsilon));
}

/** Draws one of a sample's pictures onto a canvas of its own size. */
export function paintPicture(canvas: HTMLCanvasElement, kind: Kind, seen: Seen): void {
  const { decoded, at, epsilon, noise } = seen;
  const directed = ArrayBuffer.isView(decoded);
  if (kind === "difference" || (kind === "noise" && !directed)) {
    const { original, adversarial } = pairAt(seen);
    paintBetween(canvas, original, adversarial, magnified(seen));
  } else if (directed) {
    const tables = {
      original: ORIGINAL,
      noise: noiseAt(epsilon, noise),
      adversarial: tableAt(epsilon),
    };
    paint(canvas, decoded, tables[kind]);
  } else {
    paintLevels(canvas, exampleAt(decoded, kind === "original" ? -1 : at.index));
  }
}
