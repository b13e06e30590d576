// Checks and decodes a sample's stored pictures, which are lossless WebP. Runs in the worker, or in
// the page itself.

import { bytesOf } from "../model/base64";
import type { Damage, Decoded, Levels } from "../model/examples";
import { checksum, DirectionError, entries } from "../model/pixels";
import type { Picture, Sample } from "../model/record";

type Bytes = Uint8Array<ArrayBuffer>;

/** A sample's pictures as they are stored, and what its record says of them. */
export interface Stored extends Pick<Sample, "checksums"> {
  readonly stored: readonly Bytes[];
  readonly picture: Picture;
  /** Whether the original is followed by a picture an epsilon, and not by a direction. */
  readonly each: boolean;
}

/** Checks and decodes a sample's pictures. */
export async function decodeStored({ stored, checksums, picture, each }: Stored): Promise<Decoded> {
  const nameOf = (kind: number): Damage =>
    kind === 0 ? "original" : each ? "adversarial" : "direction";
  const wrong = stored.findIndex((bytes, kind) => checksum(bytes) !== checksums[kind]);
  if (wrong >= 0) return nameOf(wrong);
  const decoded = await Promise.all(stored.map((bytes) => decode(bytes, picture)));
  const lost = decoded.indexOf(null);
  if (lost >= 0) return nameOf(lost);
  const [x, ...others] = decoded as [Levels, ...Levels[]];
  if (each) return { original: x, adversarial: others };
  try {
    return entries(x, others[0] as Levels);
  } catch (error) {
    if (error instanceof DirectionError) return "direction";
    throw error;
  }
}

/** The same of a square picture that is stored as base64. */
export async function decodeText(base64: string, side: number): Promise<Levels | null> {
  try {
    return await decode(bytesOf(base64), { width: side, height: side });
  } catch {
    return null;
  }
}

/** A stored picture's RGBA pixels, exactly as stored; null if it is none of the promised size. */
async function decode(
  bytes: Bytes,
  { width, height }: Pick<Picture, "width" | "height">,
): Promise<Levels | null> {
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
  } catch {
    return null;
  } finally {
    bitmap.close();
  }
}
