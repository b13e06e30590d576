import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/pixels.json";
import {
  adversarial,
  checksum,
  DirectionError,
  draw,
  entries,
  fullContrast,
  NOISE,
  noise,
  ORIGINAL,
  type Table,
} from "../../src/model/pixels";

/** RGBA pixels from red, green and blue values. */
function rgba(values: readonly number[]): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray((values.length / 3) * 4);
  for (const [i, value] of values.entries()) pixels[Math.floor(i / 3) * 4 + (i % 3)] = value;
  return pixels;
}

/** Red, green and blue values of RGBA pixels, which must be opaque. */
function rgb(pixels: Uint8ClampedArray): number[] {
  expect(pixels.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  return [...pixels].filter((_, i) => i % 4 !== 3);
}

const stored = golden.direction.map((sign) => [0, 128, 255][sign + 1] as number);
const example = entries(rgba(golden.original), rgba(stored));

function drawn(table: Table): number[] {
  const pixels = new Uint8ClampedArray((golden.original.length / 3) * 4);
  draw(example, table, new Uint32Array(pixels.buffer));
  return rgb(pixels);
}

describe("the arithmetic agrees with Python's bit for bit", () => {
  test.each(golden.cases)("at epsilon $epsilon", ({ epsilon, table, adversarial: picture }) => {
    expect([...adversarial(epsilon)]).toEqual(table.flat());
    expect(drawn(adversarial(epsilon))).toEqual(picture);
  });
});

test("the original and the noise come back from the entries as they were stored", () => {
  expect(drawn(ORIGINAL)).toEqual(golden.original);
  expect(drawn(NOISE)).toEqual(stored);
});

describe("the noise agrees with Python's at every scale", () => {
  const cases = golden.cases.flatMap(({ epsilon, noise: scales }) =>
    scales.map((scale) => ({ epsilon, ...scale })),
  );
  test.each(cases)("× $times at epsilon $epsilon", ({ epsilon, times, shades }) => {
    const table = noise(epsilon, times);
    expect([0, 1, 2].map((row) => [...new Set(table.slice(256 * row, 256 * row + 256))])).toEqual(
      shades.map((shade) => [shade]),
    );
  });

  test("and fills the range where none is chosen, at any epsilon", () => {
    expect(noise(0, null)).toBe(NOISE);
    expect(noise(0.007, null)).toBe(NOISE);
    expect([...noise(0.01, 0.5 / 0.01)]).toEqual([...NOISE]);
  });
});

test("an epsilon of 0 changes nothing", () => {
  expect([...adversarial(0)]).toEqual([...ORIGINAL]);
});

test.each([1, 64, 127, 129, 254])("a direction with the value %i is refused", (value) => {
  const pixels = rgba([0, 128, value]);
  expect(() => entries(rgba([1, 2, 3]), pixels)).toThrow(DirectionError);
});

test("the checksum is CRC-32 as in PNG and zlib", () => {
  expect(checksum(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(checksum(new Uint8Array())).toBe(0);
});

test("noise at full contrast has a number at the least epsilon, too", () => {
  expect(fullContrast(2 / 255)).toBe(63.75);
  expect(fullContrast(5e-324)).toBe(1e6);
  expect(fullContrast(0)).toBe(1);
});
