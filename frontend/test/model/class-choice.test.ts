import { expect, test } from "vitest";
import { matchClasses, offered } from "../../src/model/class-choice";

const NAMES = ["Cannon", "고양이", "kite", "tin can", "drum"];
const named = (label: number) => NAMES[label] ?? `class ${label}`;
const ALL = [12, 4, 3, 2, 1, 0];

test("a part of the name finds a class, in whichever case", () => {
  expect(matchClasses(ALL, "CAN", named)).toEqual([0, 3]);
  expect(matchClasses(ALL, " 고양", named)).toEqual([1]);
  expect(matchClasses(ALL, "no such", named)).toEqual([]);
});

test("the beginning of its number does, too", () => {
  expect(matchClasses(ALL, "1", named)).toEqual([1, 12]);
  expect(matchClasses(ALL, "12", named)).toEqual([12]);
  expect(matchClasses(ALL, "class 1", named)).toEqual([12]);
});

test("without a text all are found, by their number", () => {
  expect(matchClasses(ALL, "  ", named)).toEqual([0, 1, 2, 3, 4, 12]);
});

test("the chosen class is offered also where no sample has it", () => {
  const counts = new Map([
    [3, 7],
    [1, 2],
  ]);
  expect(offered(counts, null)).toEqual([3, 1]);
  expect(offered(counts, 1)).toEqual([3, 1]);
  expect(offered(counts, 9)).toEqual([3, 1, 9]);
});
