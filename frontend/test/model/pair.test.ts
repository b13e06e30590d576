import { expect, test } from "vitest";
import { distance, pairOf, pixelOf, shades } from "../../src/model/pair";
import { adversarial, entries } from "../../src/model/pixels";

/** Two pixels, of which the second has no direction in red. */
const direction = entries(
  Uint8ClampedArray.of(10, 20, 254, 255, 100, 0, 255, 255),
  Uint8ClampedArray.of(255, 0, 255, 255, 128, 0, 255, 255),
);
const at4 = () => pairOf(direction, adversarial(4 / 255), 0);

test("a pixel has its levels in both pictures, after clipping", () => {
  expect(pixelOf(at4(), 0, 3)).toEqual({
    original: [10, 20, 254],
    adversarial: [14, 16, 255],
    difference: [4, -4, 1],
  });
  expect(pixelOf(at4(), 1, 3).difference).toEqual([0, 0, 0]);
});

test("the distance counts what is left of the noise after clipping", () => {
  const { most, euclidean, moved, pixels } = distance(at4(), 3);
  expect([most, moved, pixels]).toEqual([4, 1, 2]);
  expect(euclidean).toBeCloseTo(Math.sqrt(16 + 16 + 1) / 255);
});

test("a grey picture's level counts once, though it is stored as three", () => {
  const grey = entries(
    Uint8ClampedArray.of(10, 10, 10, 255),
    Uint8ClampedArray.of(255, 255, 255, 255),
  );
  expect(shades({ width: 1, height: 1, channels: 1 })).toBe(1);
  expect(shades({ width: 1, height: 1, channels: 4 })).toBe(3);
  const pair = pairOf(grey, adversarial(51 / 255), 0);
  expect(distance(pair, 1)).toEqual({ most: 51, euclidean: 0.2, moved: 1, pixels: 1 });
  expect(pixelOf(pair, 0, 1)).toEqual({ original: [10], adversarial: [61], difference: [51] });
});

test("of an attack with a picture an epsilon, the place tells which; none is the original", () => {
  const examples = {
    original: Uint8ClampedArray.of(1, 2, 3, 255),
    adversarial: [Uint8ClampedArray.of(2, 2, 1, 255), Uint8ClampedArray.of(9, 2, 3, 255)],
  };
  const table = adversarial(0);
  expect(pixelOf(pairOf(examples, table, 1), 0, 3).difference).toEqual([8, 0, 0]);
  expect(distance(pairOf(examples, table, -1), 3).moved).toBe(0);
});
