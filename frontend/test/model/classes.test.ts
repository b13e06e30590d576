import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import {
  ASCENDING,
  byClass,
  type ClassSort,
  classRows,
  countPassing,
  fitting,
  sortClasses,
} from "../../src/model/classes";
import type { ClassCounts, Prediction, Record, Sample } from "../../src/model/record";
import { EVERYTHING } from "../../src/model/samples";

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
        [3, 2],
        [2, 1],
      ],
      [[0, 1]],
    ]);
  });

  test("is of the clean pictures below the smallest logged epsilon", () => {
    const [zero] = byClass(SAMPLES, -1);
    expect(zero).toMatchObject({ clean: 2, robust: 2, became: [[1, 1]] });
  });

  test("adds up to the number of the class's samples", () => {
    for (const index of [-1, 0, 1]) {
      for (const { count, robust, became } of byClass(SAMPLES, index)) {
        expect(robust + became.reduce((sum, [, count]) => sum + count, 0)).toBe(count);
      }
    }
  });

  test("there is none of a class without samples", () => {
    expect(byClass([], 0)).toEqual([]);
  });
});

/** Ten samples of two classes, of which two have pictures; what class 4 becomes is cut. */
const CLASSES: ClassCounts[] = [
  {
    label: 0,
    count: 4,
    clean: { correct: 3, became: [[4, 1]] },
    adversarial: [{ correct: 1, became: [[4, 3]] }],
  },
  {
    label: 4,
    count: 6,
    clean: { correct: 6, became: [] },
    adversarial: [
      {
        correct: 1,
        became: [
          [0, 2],
          [2, 1],
        ],
      },
    ],
  },
];

function dataSet(rest: Partial<Record> = {}): Record {
  return {
    ...(golden as unknown as Record),
    epsilons: [1 / 255],
    samples: [sample(0, 0, 4), sample(0, 0, 0)],
    count: 10,
    clean_accuracy: 0.9,
    robust_accuracy: [0.2],
    success_rate: [7 / 9],
    classes: CLASSES,
    ...rest,
  };
}

describe("where the record counts all samples, a class's row", () => {
  test("is of all of them, and not of those with pictures", () => {
    expect(classRows(dataSet(), 0)).toMatchObject([
      { label: 0, count: 4, clean: 3, robust: 1, became: [[4, 3]] },
      { label: 4, count: 6, clean: 6, robust: 1 },
    ]);
    expect(classRows(dataSet(), -1)).toMatchObject([
      { label: 0, robust: 3, became: [[4, 1]] },
      { label: 4, robust: 6, became: [] },
    ]);
  });

  test("says how many samples are of classes that are not listed", () => {
    expect(classRows(dataSet(), 0).map(({ unlisted }) => unlisted)).toEqual([0, 2]);
    expect(classRows(dataSet(), -1).map(({ unlisted }) => unlisted)).toEqual([0, 0]);
  });

  test("is there without any picture", () => {
    expect(classRows(dataSet({ samples: [] }), 0)).toHaveLength(2);
  });

  test("is else of the samples with pictures", () => {
    const { classes: _, ...older } = dataSet();
    expect(classRows(older, 0)).toEqual(byClass(older.samples, 0));
    expect(classRows({ ...older, classes: [] }, 0)).toEqual(byClass(older.samples, 0));
  });
});

describe("of all samples, those that pass the filters", () => {
  const passing = (filter: Partial<typeof EVERYTHING>, index = 0, rest: Partial<Record> = {}) =>
    countPassing(dataSet(rest), index, { ...EVERYTHING, ...filter });

  test("are counted by true and predicted class", () => {
    expect(passing({})).toBe(10);
    expect(passing({ label: 4 })).toBe(6);
    expect(passing({ label: 3 })).toBe(0);
    expect(passing({ label: 0, predicted: 4 })).toBe(3);
    expect(passing({ label: 0, predicted: 4 }, -1)).toBe(1);
    expect(passing({ label: 0, predicted: 0 })).toBe(1);
    expect(passing({ label: 0, predicted: 3 })).toBe(0);
    expect(passing({ predicted: 4 })).toBe(4);
  });

  test("are counted by state", () => {
    const states = (index: number) =>
      (["flipped", "right", "wrong"] as const).map((show) => passing({ show }, index));
    expect(states(0)).toEqual([7, 2, 1]);
    expect(states(-1)).toEqual([0, 9, 1]);
    expect(passing({ show: "wrong", label: 0 })).toBe(1);
  });

  test("are not guessed where the record does not tell", () => {
    expect(passing({ text: "a" })).toBeNull();
    expect(passing({ show: "flipped", label: 0 })).toBeNull();
    expect(passing({ show: "wrong", predicted: 4 })).toBeNull();
    expect(passing({ label: 4, predicted: 3 })).toBeNull();
    expect(passing({ predicted: 2 })).toBe(1);
    expect(passing({ predicted: 3 })).toBeNull();
    expect(passing({ label: 0 }, 0, { classes: [] })).toBeNull();
    expect(passing({ show: "right" }, 0, { success_rate: null })).toBeNull();
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
