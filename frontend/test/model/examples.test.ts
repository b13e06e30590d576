import { expect, test } from "vitest";
import { drawDifference, type Examples, exampleAt, weightOf } from "../../src/model/examples";

const levels = (...values: number[]) => Uint8ClampedArray.of(...values);
const examples: Examples = {
  original: levels(10, 250, 128, 255),
  adversarial: [levels(12, 248, 128, 255), levels(0, 255, 127, 255)],
};

test("the picture at a place is the logged epsilon's, and before the first the original", () => {
  expect(exampleAt(examples, 1)).toBe(examples.adversarial[1]);
  expect(exampleAt(examples, -1)).toBe(examples.original);
});

test("decoded pictures weigh what they occupy, and damaged ones nothing", () => {
  expect(weightOf(examples)).toBe(12);
  expect(weightOf(Uint16Array.of(1, 2, 3))).toBe(6);
  expect(weightOf("direction")).toBe(0);
});

test("a difference is drawn around grey, as many times as told, and stays within the levels", () => {
  const drawn = levels(0, 0, 0, 0);
  const difference = (place: number, times: number) => {
    drawDifference(examples.original, exampleAt(examples, place), times, drawn);
    return [...drawn];
  };
  expect(difference(0, 1)).toEqual([130, 126, 128, 255]);
  expect(difference(0, 10)).toEqual([148, 108, 128, 255]);
  expect(difference(1, 50)).toEqual([0, 255, 78, 255]);
  expect(difference(-1, 50)).toEqual([128, 128, 128, 255]);
});
