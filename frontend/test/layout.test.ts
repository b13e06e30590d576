import { describe, expect, test } from "vitest";
import { columns, fitPicture, GAP } from "../src/layout";
import { SIZES } from "../src/state";

/** What is left of TensorBoard's frame for the cards, by the width of the window. */
const GRID = { 800: 772, 1280: 994, 1920: 1634, 2560: 2274 };

test("the usual size makes one column at 800, two at 1280, three at 1920, four at 2560", () => {
  expect(Object.values(GRID).map((width) => columns(width, SIZES.usual).count)).toEqual([
    1, 2, 3, 4,
  ]);
});

test("the cards of a row and the gaps between them fill the width", () => {
  const { count, card } = columns(1634, 300);
  expect(count * card + (count - 1) * GAP).toBeCloseTo(1634, 9);
});

test("a grid narrower than a card has one column as wide as itself", () => {
  expect(columns(200, 470)).toEqual({ count: 1, card: 200 });
});

describe("a picture", () => {
  test.each([1, 1.25, 2])("of digits is enlarged by whole device pixels at ratio %d", (ratio) => {
    for (let card = 280; card < 1000; card += 37) {
      const { width, crisp } = fitPicture({ width: 28, height: 28 }, card, ratio);
      expect(crisp).toBe(true);
      const factor = (width * ratio) / 28;
      expect(factor).toBeCloseTo(Math.round(factor), 9);
    }
  });

  test("larger than its place is shrunk smoothly and keeps its aspect", () => {
    const { width, height, crisp } = fitPicture({ width: 500, height: 375 }, 490, 1);
    expect(crisp).toBe(false);
    expect(width / height).toBeCloseTo(4 / 3, 9);
  });

  test("of a photograph is enlarged freely, and smoothly", () => {
    const sizes = [1700, 1750, 1800].map((card) =>
      fitPicture({ width: 500, height: 375 }, card, 1),
    );
    expect(sizes.every(({ width, crisp }) => width > 500 && !crisp)).toBe(true);
    expect(new Set(sizes.map(({ width }) => width)).size).toBe(3);
  });

  test("never outgrows its third of the card", () => {
    for (const picture of [
      { width: 28, height: 28 },
      { width: 500, height: 375 },
      { width: 16, height: 48 },
    ]) {
      const { width, height } = fitPicture(picture, 490, 1);
      expect(Math.max(width, height)).toBeLessThanOrEqual(490 / 3);
    }
  });
});
