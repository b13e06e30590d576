import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/embedding.json";
import {
  around,
  type Cloud,
  cloudOf,
  markOf,
  nearest,
  placesAt,
  pointState,
  scaleOf,
  toldAt,
  towards,
} from "../../src/model/embedding";
import type { Record } from "../../src/model/record";

const RECORD = golden.record as unknown as Pick<Record, "epsilons" | "embedding">;
const [HALF, FLIPS] = RECORD.epsilons as unknown as [number, number];

function cloud(): Cloud {
  const found = cloudOf(RECORD);
  if (!found) throw new Error("there is an embedding");
  return found;
}

describe("a record's embedding", () => {
  test("is decoded to Python's own places, bit for bit", () => {
    expect([...cloud().places]).toEqual(golden.points.flat(2));
    expect(cloud().epsilons).toEqual([0, HALF, FLIPS]);
    expect(cloud().classes).toEqual([0, 1]);
  });

  test("may be missing, or other than it says", () => {
    expect(cloudOf(null)).toBeNull();
    expect(cloudOf({ ...RECORD, embedding: null })).toBeNull();
    expect(cloudOf({ ...RECORD, epsilons: [0.1] })).toBeNull();
  });
});

describe("between logged epsilons", () => {
  test("a point is on the straight line from one place to the next", () => {
    const points = cloud();
    for (const [place, epsilon] of points.epsilons.entries()) {
      expect([...placesAt(points, epsilon)]).toEqual(golden.points[place]?.flat());
    }
    const middle = placesAt(points, (HALF + FLIPS) / 2);
    const [from, to] = [golden.points[1]?.flat() ?? [], golden.points[2]?.flat() ?? []];
    for (const [i, each] of middle.entries()) {
      expect(each).toBeCloseTo(((from[i] ?? 0) + (to[i] ?? 0)) / 2, 12);
    }
  });

  test("it stays where it was last beyond the largest", () => {
    expect([...placesAt(cloud(), 1)]).toEqual(golden.points[2]?.flat());
  });
});

test("a sample is flipped from its own epsilon on", () => {
  const states = (epsilon: number) => [0, 1, 2].map((i) => pointState(cloud(), i, epsilon));
  expect(states(0)).toEqual(["right", "right", "wrong"]);
  expect(states(FLIPS - 1e-5)).toEqual(["right", "right", "wrong"]);
  expect(states(FLIPS)).toEqual(["right", "flipped", "wrong"]);
});

describe("what is told", () => {
  // Class 0 lies at (0, 0), class 1 at (4, 0) and (-1.5, 3), so at (1.25, 1.5) on average.
  const apart = Math.hypot(1.25, 1.5);

  test("is how many have flipped, and how far the median one has moved", () => {
    const { count, flipped, wrong, moved } = toldAt(cloud(), FLIPS, null);
    expect([count, flipped, wrong]).toEqual([3, 1, 1]);
    // They have moved by 0, by (-6, 2) and by (1.5, 3).
    expect((moved ?? 0) * apart).toBeCloseTo(Math.hypot(1.5, 3), 3);
  });

  test("is of one class, if one is chosen, on the same measure", () => {
    const { count, flipped, moved } = toldAt(cloud(), FLIPS, 1);
    expect([count, flipped]).toEqual([2, 1]);
    expect((moved ?? 0) * apart).toBeCloseTo((Math.hypot(1.5, 3) + Math.hypot(6, 2)) / 2, 3);
    expect(toldAt(cloud(), FLIPS, 7)).toEqual({ count: 0, flipped: 0, wrong: 0, moved: null });
  });
});

test("21 classes have each a colour and a shape that no other has", () => {
  const classes = Array.from({ length: 21 }, (_, i) => 10 * i);
  const marks = classes.map((label) => JSON.stringify(markOf({ ...cloud(), classes }, label)));
  expect(new Set(marks).size).toBe(21);
});

test("both axes are equally enlarged, and the box fits", () => {
  const { x, y } = scaleOf([-1, -1, 3, 1], 220, 320, 10);
  expect([x(-1), x(3), y(0)]).toEqual([10, 210, 160]);
  expect(y(-1) - y(1)).toBe(100);
  expect(around([0, 0, 1, 1], [-1, 0.5, 0.5, 2])).toEqual([-1, 0, 1, 2]);
});

describe("among points", () => {
  const at = Float64Array.from([0, 0, 10, 1, 30, 0, 12, 40, -5, 0]);
  const points = { at, chosen: (i: number) => i !== 4 };

  test("the nearest within reach is meant", () => {
    expect(nearest(points, 11, 0, 5)).toBe(1);
    expect(nearest(points, 20, 20, 5)).toBeNull();
    expect(nearest(points, -5, 0, 3)).toBeNull();
  });

  test("arrow keys lead to the next one in their direction", () => {
    expect(towards(points, 0, 1, 0)).toBe(1);
    expect(towards(points, 1, 1, 0)).toBe(2);
    expect(towards(points, 1, 0, 1)).toBe(3);
    expect(towards(points, 0, -1, 0)).toBeNull();
  });
});
