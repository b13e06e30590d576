import { describe, expect, test } from "vitest";
import {
  columns,
  fitPicture,
  GAP,
  type Look,
  lay,
  PADDING,
  rowsBetween,
  rowsNear,
} from "../../src/model/layout";
import { SIZES } from "../../src/model/selection";

/** What is left of TensorBoard's frame for the cards, by the width of the window. */
const GRID = { 800: 772, 1280: 994, 1920: 1634, 2560: 2274 };

const PHOTO = { width: 224, height: 224 };
const DIGIT = { width: 28, height: 28 };
const USUAL: Look = { shape: "triplet", size: SIZES.usual, trueSize: false, length: 8, ratio: 1 };

test("the usual size makes one column at 800, two at 1280, three at 1920, four at 2560", () => {
  expect(Object.values(GRID).map((width) => lay(PHOTO, width, USUAL).columns)).toEqual([
    1, 2, 3, 4,
  ]);
});

test("the cards of a row and the gaps between them fill the width", () => {
  const { count, card } = columns(1634, 300);
  expect(count * card + (count - 1) * GAP).toBeCloseTo(1634, 9);
});

test("a grid narrower than a card has one column as wide as itself", () => {
  expect(lay(PHOTO, 200, USUAL)).toMatchObject({ columns: 1, card: 200 });
});

describe("a picture", () => {
  test.each([1, 1.25, 2])("is enlarged by whole device pixels at ratio %d, sharply", (ratio) => {
    for (let place = 28; place < 400; place += 37) {
      const { width, crisp } = fitPicture(DIGIT, place, ratio);
      expect(crisp).toBe(true);
      const factor = (width * ratio) / 28;
      expect(factor).toBeCloseTo(Math.round(factor), 9);
    }
    expect(fitPicture({ width: 500, height: 375 }, 999, 1)).toMatchObject({
      width: 500,
      crisp: true,
    });
  });

  test("larger than its place is shrunk smoothly, fills it and keeps its aspect", () => {
    const { width, height, crisp } = fitPicture({ width: 500, height: 375 }, 150, 1);
    expect(crisp).toBe(false);
    expect(width).toBeCloseTo(150, 9);
    expect(width / height).toBeCloseTo(4 / 3, 9);
  });

  test("never outgrows its third of the card", () => {
    for (const picture of [DIGIT, PHOTO, { width: 500, height: 375 }, { width: 16, height: 48 }]) {
      for (const width of Object.values(GRID)) {
        const layout = lay(picture, width, USUAL);
        expect(Math.max(layout.width, layout.height)).toBeLessThanOrEqual(layout.card / 3);
      }
    }
  });

  test.each([1, 2])(
    "at true size has the screen's pixels at ratio %d, whatever the size",
    (ratio) => {
      for (const size of [SIZES.least, SIZES.most]) {
        const layout = lay(PHOTO, 1634, { ...USUAL, size, ratio, trueSize: true });
        expect(layout).toMatchObject({ width: 224 / ratio, height: 224 / ratio, crisp: true });
        expect(layout.card).toBeGreaterThanOrEqual((3 * 224) / ratio);
      }
      // A digit's class names have more room than the digit.
      expect(lay(DIGIT, 994, { ...USUAL, trueSize: true }).place).toBeGreaterThanOrEqual(84);
      expect(lay(DIGIT, 994, { ...USUAL, trueSize: true }).card).toBeLessThan(380);
    },
  );
});

describe("a film strip", () => {
  const strip: Look = { ...USUAL, shape: "strip" };

  test("has all its pictures in one row, as large as a triplet's where there is room", () => {
    const { columns, card, place } = lay(PHOTO, 1634, strip);
    expect(columns).toBe(1);
    expect(8 * place).toBeLessThan(card - PADDING);
    expect(place).toBeGreaterThanOrEqual((SIZES.usual - PADDING) / 3 - 25);
  });

  test("of few pictures leaves room for others beside it", () => {
    expect(lay(PHOTO, 1634, { ...strip, length: 2 }).columns).toBeGreaterThan(2);
  });

  test("of many pictures scrolls rather than making them tiny", () => {
    const { card, place } = lay(PHOTO, 772, { ...strip, length: 21 });
    expect(place).toBeGreaterThanOrEqual(72);
    expect(21 * place).toBeGreaterThan(card);
  });
});

describe("compared sides", () => {
  const compare: Look = { ...USUAL, shape: "compare" };

  test("of two with their original lie as a triplet does", () => {
    for (const width of Object.values(GRID)) {
      const [two, triplet] = [
        lay(PHOTO, width, { ...compare, length: 3 }),
        lay(PHOTO, width, USUAL),
      ];
      expect(two).toMatchObject({ columns: triplet.columns, card: triplet.card });
      expect(two.place).toBeGreaterThanOrEqual(triplet.place);
    }
  });

  test("of many scroll rather than being too small for their names", () => {
    expect(lay(PHOTO, 366, { ...compare, length: 3 }).place).toBeGreaterThanOrEqual(104);
    const { columns, card, place } = lay(PHOTO, 366, { ...compare, length: 8 });
    expect(columns).toBe(1);
    expect(place).toBe(100);
    expect(8 * place).toBeGreaterThan(card);
  });
});

describe("rows in sight", () => {
  test("are those that lie between two heights, however little of them", () => {
    expect(rowsBetween(0, 500, 200, 100)).toEqual({ from: 0, to: 3 });
    expect(rowsBetween(399, 601, 200, 100)).toEqual({ from: 1, to: 4 });
    expect(rowsBetween(400, 600, 200, 100)).toEqual({ from: 2, to: 3 });
  });

  test("are among those that there are", () => {
    expect(rowsBetween(-900, 100, 200, 2)).toEqual({ from: 0, to: 1 });
    expect(rowsBetween(900, 1900, 200, 2)).toEqual({ from: 2, to: 2 });
    expect(rowsBetween(-900, -100, 200, 2)).toEqual({ from: 0, to: 0 });
    expect(rowsBetween(0, 100, 200, 0)).toEqual({ from: 0, to: 0 });
  });
});

describe("the rows near what one sees", () => {
  const near = (top: number) => rowsNear(top, top + 500, 200, 100, 1);

  test("are those in sight, and some more on both sides", () => {
    for (const top of [401, 450, 500, 599, 700, 1234]) {
      const seen = rowsBetween(top, top + 500, 200, 100);
      expect(near(top).from).toBe(seen.from - 1);
      expect(near(top).to).toBeGreaterThan(seen.to);
    }
  });

  test("are equally many wherever one scrolls, to the end", () => {
    const counts = [201, 400, 450, 500, 599, 1234, 19_300, 19_999].map((top) => {
      const { from, to } = near(top);
      return to - from;
    });
    expect(new Set(counts)).toEqual(new Set([6]));
    expect(near(19_999).to).toBe(100);
  });

  test("above the grid are no more than are needed", () => {
    expect(near(0)).toEqual({ from: 0, to: 4 });
    expect(near(-300)).toEqual({ from: 0, to: 2 });
    expect(near(-900)).toEqual({ from: 0, to: 1 });
    expect(rowsNear(0, 500, 200, 2, 1)).toEqual({ from: 0, to: 2 });
    expect(rowsNear(0, 500, 200, 0, 1)).toEqual({ from: 0, to: 0 });
  });
});
