import { expect, test } from "vitest";
import { makeAxis } from "../../src/model/axis";
import { rangeBetween, rangeEnds, rangeWith } from "../../src/model/ranges";

const LOGGED = [1, 2, 4, 8].map((k) => k / 255);
const MOST = 8 / 255;

test("a range ends at 0, at a logged epsilon, or where it was dragged to", () => {
  expect(rangeEnds(LOGGED, null)).toEqual([0, ...LOGGED]);
  expect(rangeEnds(LOGGED, [1 / 255, 0.01])).toEqual([0, 1 / 255, 2 / 255, 0.01, 4 / 255, MOST]);
});

test("a first end leaves the other as far away as can be", () => {
  expect(rangeWith(null, 0, 2 / 255, MOST)).toEqual([2 / 255, MOST]);
  expect(rangeWith(null, 1, 2 / 255, MOST)).toEqual([0, 2 / 255]);
});

test("an end past the other takes it along", () => {
  expect(rangeWith([1 / 255, 2 / 255], 0, 4 / 255, MOST)).toEqual([4 / 255, 4 / 255]);
  expect(rangeWith([2 / 255, 4 / 255], 1, 1 / 255, MOST)).toEqual([1 / 255, 1 / 255]);
  expect(rangeWith([1 / 255, 4 / 255], 1, 2 / 255, MOST)).toEqual([1 / 255, 2 / 255]);
});

test("a dragged range has its ends in order, and on ticks that are near", () => {
  const axis = makeAxis(LOGGED, "linear");
  const at = (k: number) => axis.place(k / 255);
  expect(rangeBetween(axis, at(4.05), at(1), 0.01)).toEqual([1 / 255, 4 / 255]);
  const [from, to] = rangeBetween(axis, at(2.5), at(9), 0.01);
  expect(from).toBe(0.009804);
  expect(to).toBe(MOST);
});
