import { describe, expect, test } from "vitest";
import { makeAxis, naturalSpacing, nextTick, snap } from "../../src/model/axis";

const OCTAVES = [0.25, 0.5, 1, 2, 4, 8].map((k) => k / 255);
const EVEN = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3];

describe("the natural spacing of the axis", () => {
  test("is logarithmic for doubling epsilons, one more between them notwithstanding", () => {
    expect(naturalSpacing(OCTAVES)).toBe("log");
    expect(naturalSpacing([...OCTAVES, 0.007])).toBe("log");
    expect(naturalSpacing([1 / 255, 8 / 255])).toBe("log");
  });

  test("is linear for evenly spaced epsilons, with or without 0", () => {
    expect(naturalSpacing(EVEN)).toBe("linear");
    expect(naturalSpacing([0, ...EVEN])).toBe("linear");
    expect(naturalSpacing([4 / 255, 8 / 255])).toBe("linear");
  });

  test.each([[[]], [[0]], [[0.3]]])("is linear where there is nothing to space: %j", (epsilons) => {
    expect(naturalSpacing(epsilons)).toBe("linear");
  });
});

describe.each(["log", "linear"] as const)("on a %s axis", (spacing) => {
  const axis = makeAxis([...OCTAVES].reverse(), spacing);

  test("0 lies at the left end and the largest epsilon at the right", () => {
    expect(axis.place(0)).toBe(0);
    expect(axis.place(8 / 255)).toBe(1);
    expect(axis.max).toBe(8 / 255);
  });

  test("places and epsilons are each other's inverse", () => {
    for (let place = 0; place <= 1; place += 1 / 64) {
      expect(axis.place(axis.epsilon(place))).toBeCloseTo(place, 12);
    }
  });

  test("what lies beyond the ends is drawn at them", () => {
    expect(axis.place(1)).toBe(1);
    expect(axis.epsilon(-0.1)).toBe(0);
    expect(axis.epsilon(1.1)).toBe(axis.max);
  });

  test("a place near a tick snaps to exactly its epsilon, one farther off does not", () => {
    const tick = 2 / 255;
    expect(snap(axis, axis.place(tick) + 0.009, 0.01)).toBe(tick);
    expect(snap(axis, axis.place(tick) + 0.011, 0.01)).not.toBe(tick);
    expect(snap(axis, 0.009, 0.01)).toBe(0);
  });
});

test("on a log axis 0 lies one octave left of the smallest epsilon", () => {
  const { place } = makeAxis(OCTAVES, "log");
  expect(place(0.25 / 255)).toBeCloseTo(place(0.5 / 255) - place(0.25 / 255), 12);
});

test("the keys go from tick to tick, by way of 0, and stay at the ends", () => {
  const axis = makeAxis(OCTAVES, "log");
  expect(nextTick(axis, 1 / 255, 1)).toBe(2 / 255);
  expect(nextTick(axis, 1.5 / 255, 1)).toBe(2 / 255);
  expect(nextTick(axis, 1.5 / 255, -1)).toBe(1 / 255);
  expect(nextTick(axis, 0.25 / 255, -1)).toBe(0);
  expect(nextTick(axis, 0, -1)).toBe(0);
  expect(nextTick(axis, 8 / 255, 1)).toBe(8 / 255);
});

test.each(["log", "linear"] as const)("one epsilon, or 0 alone, make a %s axis, too", (spacing) => {
  const one = makeAxis([0.3], spacing);
  expect(one.place(0.15)).toBeCloseTo(0.5, 12);
  expect(one.ticks).toEqual([0, 0.3]);
  const zero = makeAxis([0], spacing);
  expect(zero.ticks).toEqual([0]);
  expect(zero.epsilon(1)).toBeGreaterThan(0);
});

test("an axis reads in decimals where all its epsilons are round ones", () => {
  expect(makeAxis(EVEN, "linear").decimals).toBe(true);
  expect(makeAxis(OCTAVES, "log").decimals).toBe(false);
  expect(makeAxis([0.007, 0.3], "log").decimals).toBe(false);
  expect(makeAxis([0], "linear").decimals).toBe(false);
});
