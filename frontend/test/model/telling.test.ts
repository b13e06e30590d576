import { expect, test } from "vitest";
import { stretches } from "../../src/model/telling";

const EPSILONS = [0.5, 1, 2, 4].map((k) => k / 255);

test("a curve is told by where it changes, and from where on it does not", () => {
  expect(stretches(0.857, EPSILONS, [0.143, 0.1, 0, 0])).toEqual([
    { from: 0, value: "86\u00a0%", on: false },
    { from: 0.5 / 255, value: "14\u00a0%", on: false },
    { from: 1 / 255, value: "10\u00a0%", on: false },
    { from: 2 / 255, value: "0\u00a0%", on: true },
  ]);
});

test("a curve that does not change is told once", () => {
  expect(stretches(1, EPSILONS, [1, 1, 1, 1])).toEqual([
    { from: 0, value: "100\u00a0%", on: true },
  ]);
});

test("an epsilon of 0 that was logged is not told twice", () => {
  expect(stretches(1, [0, 0.1], [1, 0]).map(({ from }) => from)).toEqual([0, 0.1]);
});

test("of many changes six are told, the first and the last among them", () => {
  const many = Array.from({ length: 20 }, (_, i) => (i + 1) / 100);
  const told = stretches(
    1,
    many,
    many.map((epsilon) => 1 - 4 * epsilon),
  );
  expect(told).toHaveLength(6);
  expect([told[0]?.from, told.at(-1)?.from]).toEqual([0, 0.2]);
});
