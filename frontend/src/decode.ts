// A sample's stored pictures, checked and decoded. Runs in the worker, or in the page itself.

import { checksum, DirectionError, type Entries, entries } from "./pixels";
import type { Picture, Sample } from "./record";

/** Which of a sample's two stored pictures cannot be used. */
export type Damage = "original" | "direction";

/** A sample's pictures: decoded, or what of them is damaged. */
export type Pair = Entries | Damage;

type Bytes = Uint8Array<ArrayBuffer>;

/** A sample's pictures as they are stored, and what its record says of them. */
export interface Stored extends Pick<Sample, "checksums"> {
  readonly stored: readonly [Bytes, Bytes];
  readonly picture: Picture;
}

/** Checks and decodes a sample's pictures. */
export async function decodePair({ stored, checksums, picture }: Stored): Promise<Pair> {
  const [original, direction] = stored;
  if (checksum(original) !== checksums[0]) return "original";
  if (checksum(direction) !== checksums[1]) return "direction";
  const [x, s] = await Promise.all([decode(original, picture), decode(direction, picture)]);
  if (!x) return "original";
  if (!s) return "direction";
  try {
    return entries(x, s);
  } catch (error) {
    if (error instanceof DirectionError) return "direction";
    throw error;
  }
}

/** A stored picture's RGBA pixels, exactly as stored; null if it is none of the promised size. */
async function decode(bytes: Bytes, { width, height }: Picture): Promise<Uint8ClampedArray | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes], { type: "image/webp" }), {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
  } catch {
    return null;
  }
  try {
    if (bitmap.width !== width || bitmap.height !== height) return null;
    // A canvas that is read stays in main memory: a graphics card might round.
    const context = new OffscreenCanvas(width, height).getContext("2d", {
      willReadFrequently: true,
    });
    context?.drawImage(bitmap, 0, 0);
    return context?.getImageData(0, 0, width, height).data ?? null;
  } finally {
    bitmap.close();
  }
}
