import { describe, expect, test } from "vitest";
import type { Prediction, Sample } from "../src/api";
import { ASCENDING, byClass, type ClassSort, fitting, sortClasses } from "../src/classes";

function says(class_: number): Prediction {
  return { classes: [class_], probabilities: [0.9], label_probability: 0.1 };
}

/** A sample of a class, of which the model says these classes: when clean, then at each epsilon. */
function sample(label: number, clean: number, ...adversarial: number[]): Sample {
  return {
    index: 0,
    label,
    clean: says(clean),
    noise: says(9),
    adversarial: adversarial.map(says),
    checksums: [0, 0],
  };
}

const SAMPLES = [
  sample(2, 2, 2, 0),
  sample(0, 0, 1, 3),
  sample(0, 0, 0, 3),
  sample(0, 1, 1, 2),
  sample(2, 2, 2, 2),
];

describe("a class's row", () => {
  test("counts its samples, and those the model is right on when clean and at the epsilon", () => {
    const [zero, two] = byClass(SAMPLES, 0);
    expect(zero).toMatchObject({ label: 0, count: 3, clean: 2, robust: 1 });
    expect(two).toMatchObject({ label: 2, count: 2, clean: 2, robust: 2 });
  });

  test("says what the model says instead at the epsilon, most frequent first", () => {
    expect(byClass(SAMPLES, 1).map(({ became }) => became)).toEqual([
      [
        { predicted: 3, count: 2 },
        { predicted: 2, count: 1 },
      ],
      [{ predicted: 0, count: 1 }],
    ]);
  });

  test("is of the clean pictures below the smallest logged epsilon", () => {
    const [zero] = byClass(SAMPLES, -1);
    expect(zero).toMatchObject({ clean: 2, robust: 2, became: [{ predicted: 1, count: 1 }] });
  });

  test("adds up to the number of the class's samples", () => {
    for (const index of [-1, 0, 1]) {
      for (const { count, robust, became } of byClass(SAMPLES, index)) {
        expect(robust + became.reduce((sum, each) => sum + each.count, 0)).toBe(count);
      }
    }
  });

  test("there is none of a class without samples", () => {
    expect(byClass([], 0)).toEqual([]);
  });
});

describe("the order of the rows", () => {
  const names = ["ten", "class 10", "class 9"];
  const named = (label: number) => names[label] ?? "";
  const rows = byClass([...SAMPLES, sample(1, 1, 0, 1)], 0);
  const order = (sort: ClassSort, ascending = ASCENDING[sort]) =>
    sortClasses(rows, sort, ascending, named).map(({ label }) => label);

  test("by accuracy has the worst first, or the best", () => {
    expect(order("robust")).toEqual([1, 0, 2]);
    expect(order("robust", false)).toEqual([2, 0, 1]);
  });

  test("by number has the largest first, or the smallest", () => {
    expect(order("count")).toEqual([0, 2, 1]);
    expect(order("count", false)).toEqual([0, 2, 1]);
    expect(order("count", true)).toEqual([1, 2, 0]);
  });

  test("by name puts 9 before 10", () => {
    expect(order("name")).toEqual([2, 1, 0]);
    expect(order("name", false)).toEqual([0, 1, 2]);
  });

  test("of equals has the one with more samples first", () => {
    const equal = byClass([sample(5, 5, 0), sample(7, 7, 0), sample(7, 7, 0)], 0);
    expect(sortClasses(equal, "robust", true, String).map(({ label }) => label)).toEqual([7, 5]);
  });
});

describe("of texts in a row", () => {
  test("as many are shown as fit, with room for how many more there are", () => {
    expect(fitting([50, 50, 50], 150, 40)).toBe(3);
    expect(fitting([50, 50, 50], 149, 40)).toBe(2);
    expect(fitting([50, 50, 50], 139, 40)).toBe(1);
  });

  test("at least one is, if there is any", () => {
    expect(fitting([50, 50], 10, 40)).toBe(1);
    expect(fitting([], 100, 40)).toBe(0);
  });
});
