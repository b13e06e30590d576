import { describe, expect, test } from "vitest";
import { makeAxis } from "../../src/model/axis";
import { firstEpsilon, firstStep, LENGTH, laterEpsilon, laterStep } from "../../src/model/play";

describe.each(["log", "linear"] as const)("epsilon on a %s axis", (spacing) => {
  const axis = makeAxis(
    [1, 2, 8].map((k) => k / 255),
    spacing,
  );

  test("goes evenly from 0 to the end in the time that it has", () => {
    const half = laterEpsilon(axis, 0, LENGTH / 2);
    expect(axis.place(half)).toBeCloseTo(0.5, 9);
    expect(axis.place(laterEpsilon(axis, half, LENGTH / 4))).toBeCloseTo(0.75, 9);
    expect(laterEpsilon(axis, half, LENGTH)).toBe(axis.max);
  });

  test("begins where it is, and at the end anew", () => {
    expect(firstEpsilon(axis, 2 / 255)).toBe(2 / 255);
    expect(firstEpsilon(axis, axis.max)).toBe(0);
  });
});

describe("steps", () => {
  test("follow each other up to the newest", () => {
    expect([0, 10, 12, 20].map((step) => laterStep([0, 10, 20], step))).toEqual([10, 20, 20, null]);
  });

  test("begin with the one shown, and at the newest with the first", () => {
    expect([10, 20, null].map((step) => firstStep([0, 10, 20], step))).toEqual([10, 0, 0]);
    expect(firstStep([], null)).toBeNull();
  });
});
