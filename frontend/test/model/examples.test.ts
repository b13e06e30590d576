import { expect, test } from "vitest";
import { drawDifference, type Film, frameAt, weightOf } from "../../src/model/examples";

const levels = (...values: number[]) => Uint8ClampedArray.of(...values);
const film: Film = {
  original: levels(10, 250, 128, 255),
  adversarial: [levels(12, 248, 128, 255), levels(0, 255, 127, 255)],
};

test("the picture at a place is the logged epsilon's, and before the first the original", () => {
  expect(frameAt(film, 1)).toBe(film.adversarial[1]);
  expect(frameAt(film, -1)).toBe(film.original);
  expect(weightOf(film)).toBe(12);
});

test("a difference is drawn around grey, as many times as told, and stays within the levels", () => {
  const drawn = levels(0, 0, 0, 0);
  const difference = (place: number, times: number) => {
    drawDifference(film.original, frameAt(film, place), times, drawn);
    return [...drawn];
  };
  expect(difference(0, 1)).toEqual([130, 126, 128, 255]);
  expect(difference(0, 10)).toEqual([148, 108, 128, 255]);
  expect(difference(1, 50)).toEqual([0, 255, 78, 255]);
  expect(difference(-1, 50)).toEqual([128, 128, 128, 255]);
});
