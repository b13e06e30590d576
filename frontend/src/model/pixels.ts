// The plugin's 8-bit pixel arithmetic, the same as pixels.py's; golden files hold both to it.
// Everything here is a pure function on typed arrays.

/** Where a sign's row begins in a table: the row of s is (s + 1) · 256. */
const ROW = 256;

/** A picture over a sample's entries: an output level for each pair of a sign and a level. */
export type Table = Uint8Array<ArrayBuffer>;

/**
 * A sample's two stored pictures as one: for each pixel's red, green and blue, the place
 * (s + 1) · 256 + x in a table. The original, the noise and the adversarial picture at any epsilon
 * are then tables over the same entries, and drawing one is a single gather.
 */
export type Entries = Uint16Array<ArrayBuffer>;

/** The levels that stand for the signs -1, 0 and 1 in a stored direction. */
const SIGN_LEVELS = [0, 128, 255] as const;

/** From a level of a stored direction to its row's beginning in a table; -1 where it is no sign. */
const SIGN_ROWS = new Int16Array(256).fill(-1);
for (const [row, level] of SIGN_LEVELS.entries()) SIGN_ROWS[level] = row * ROW;

function tabulate(level: (x: number, s: number) => number): Table {
  const table = new Uint8Array(3 * ROW);
  for (let s = -1; s <= 1; s++) {
    for (let x = 0; x < ROW; x++) table[(s + 1) * ROW + x] = level(x, s);
  }
  return table;
}

/** The picture x: the original as stored. */
export const ORIGINAL: Table = tabulate((x) => x);

/** The picture of s alone: -1 is black, 0 grey (128), 1 white, as the direction is stored. */
export const NOISE: Table = tabulate((_, s) => SIGN_LEVELS[s + 1] ?? 0);

/**
 * The noise that is added at one epsilon, `times` as large: clamp(floor(127.5 + times·255·ε·s + 0.5),
 * 0, 255), grey where there is none. Null makes it just large enough for black and white.
 */
export function noise(epsilon: number, times: number | null): Table {
  if (times === null) return NOISE;
  return tabulate((_, s) =>
    Math.min(255, Math.max(0, Math.floor(127.5 + times * 255 * epsilon * s + 0.5))),
  );
}

/** How many times as large noise is just black and white; at no epsilon more than a million. */
export function fullContrast(epsilon: number): number {
  return epsilon > 0 ? Math.min(0.5 / epsilon, 1e6) : 1;
}

/** The picture at one epsilon: clamp(floor(x + 255·ε·s + 0.5), 0, 255), computed in float64. */
export function adversarial(epsilon: number): Table {
  // Python's order of operations to the letter: any other differs in the last bit somewhere.
  return tabulate((x, s) => Math.min(255, Math.max(0, Math.floor(x + 255 * epsilon * s + 0.5))));
}

/** Whether two tables make the same pictures. */
export function sameTable(a: Table, b: Table): boolean {
  return a.every((level, place) => level === b[place]);
}

/** A direction picture with a value that is no sign. */
export class DirectionError extends Error {}

/**
 * Joins the RGBA pixels of an original and of its direction picture.
 *
 * @throws DirectionError a value of the direction is none of 0, 128 and 255.
 */
export function entries(original: Uint8ClampedArray, direction: Uint8ClampedArray): Entries {
  const joined = new Uint16Array((original.length / 4) * 3);
  let place = 0;
  for (let i = 0; i < original.length; i += 4) {
    for (let c = i; c < i + 3; c++) {
      const row = SIGN_ROWS[direction[c] as number] as number;
      if (row < 0) throw new DirectionError(`a direction has the value ${direction[c]}`);
      joined[place++] = row + (original[c] as number);
    }
  }
  return joined;
}

/** Draws a table over a sample's entries into opaque RGBA pixels, each as one 32-bit number. */
export function draw(entries: Entries, table: Table, pixels: Uint32Array): void {
  let place = 0;
  for (let i = 0; i < pixels.length; i++) {
    const red = table[entries[place++] as number] as number;
    const green = table[entries[place++] as number] as number;
    const blue = table[entries[place++] as number] as number;
    // Little-endian, as every browser's machine is.
    pixels[i] = (255 << 24) | (blue << 16) | (green << 8) | red;
  }
}

/** CRC-32 (ISO 3309, as in PNG and zlib). */
export function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  // By its index: before a browser has compiled this, to iterate takes three times as long.
  for (let i = 0; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
