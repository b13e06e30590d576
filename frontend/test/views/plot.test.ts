import { expect, test } from "vitest";
import { makeAxis } from "../../src/model/axis";
import type { RunView } from "../../src/store";
import { nearest, plotIn, pointsOf, stacked } from "../../src/views/plot";

const run = (name: string, focused: boolean, epsilons: readonly number[]) =>
  ({ name, focused, record: { epsilons } }) as unknown as RunView;

const lines = [run("a", true, [0.2, 0.4]), run("b", false, [0.1, 0.4])];

test("the points are those of all lines, and where there is no attack", () => {
  expect(pointsOf(lines)).toEqual([0, 0.1, 0.2, 0.4]);
});

test("the nearest point is so along the axis", () => {
  const axis = makeAxis([0.1, 0.2, 0.4], "linear");
  const at = [-1, 0.1, 0.13, 0.4, 2].map((place) => nearest(pointsOf(lines), axis, place));
  expect(at).toEqual([0, 0, 1, 2, 3]);
});

test("the focused run's line is drawn last", () => {
  expect(stacked(lines).map(({ name }) => name)).toEqual(["b", "a"]);
});

test("a chart without room has no plot of less than nothing", () => {
  const { width, height } = plotIn({ clientWidth: 10, clientHeight: 10 } as Element);
  expect([width, height]).toEqual([0, 0]);
});
