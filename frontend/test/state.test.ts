import { describe, expect, test } from "vitest";
import golden from "../../tests/golden/record.json";
import type { Prediction, Record, Run, Sample } from "../src/api";
import {
  arrange,
  chosenTag,
  className,
  countStates,
  firstFlip,
  focusedRun,
  loggedAt,
  medianFlip,
  mergeSteps,
  robustAccuracy,
  type Selection,
  shownRuns,
  standIn,
  stateOf,
  telling,
  trueClasses,
  UNSELECTED,
} from "../src/state";

const EPSILONS: Record["epsilons"] = [1 / 255, 2 / 255, 4 / 255];
const INFINITY = Number.POSITIVE_INFINITY;

function says(class_: number, probability = 0.9, label_probability = 0.1): Prediction {
  return { classes: [class_], probabilities: [probability], label_probability };
}

/** A sample of class 0 unless told otherwise, of which the model says these classes. */
function sample(clean: number, adversarial: readonly number[], rest: Partial<Sample> = {}): Sample {
  return {
    index: 0,
    label: 0,
    clean: says(clean),
    noise: says(1),
    adversarial: adversarial.map((class_) => says(class_)),
    checksums: [0, 0],
    ...rest,
  };
}

const early = sample(0, [1, 1, 1]);
const late = sample(0, [0, 0, 1]);
const never = sample(0, [0, 0, 0]);
const back = sample(0, [1, 0, 0]);
const wrong = sample(1, [0, 1, 1]);

function record(samples: Sample[], rest: Partial<Record> = {}): Record {
  return { ...(golden as unknown as Record), epsilons: EPSILONS, samples, ...rest };
}

function select(choice: Partial<Selection>): Selection {
  return { ...UNSELECTED, ...choice };
}

describe("a sample's state", () => {
  test("is by the predictions at the epsilon, and not by whether it ever flips", () => {
    expect([0, 1, 2].map((index) => stateOf(late, index))).toEqual(["right", "right", "flipped"]);
    expect([0, 1, 2].map((index) => stateOf(back, index))).toEqual(["flipped", "right", "right"]);
  });

  test("is never flipped when the model was wrong on the original", () => {
    expect([-1, 0, 1, 2].map((index) => stateOf(wrong, index))).toEqual(Array(4).fill("wrong"));
  });

  test("below the smallest logged epsilon is that of the original", () => {
    expect(stateOf(early, -1)).toBe("right");
  });

  test("flips first at the smallest logged epsilon that flips it", () => {
    expect([early, late, never, back, wrong].map(firstFlip)).toEqual([0, 2, INFINITY, 0, INFINITY]);
  });
});

test("the counts of the states are what the filters let through", () => {
  const samples = [early, late, never, back, wrong];
  for (const index of [-1, 0, 1, 2]) {
    const counts = countStates(samples, index);
    for (const show of ["all", "flipped", "right", "wrong"] as const) {
      expect(arrange(samples, index, select({ show }))).toHaveLength(counts[show]);
    }
    expect(counts.flipped + counts.right + counts.wrong).toBe(counts.all);
  }
});

describe("the grid's order", () => {
  const samples = [late, early, wrong, never, back];

  test("as logged is the record's", () => {
    expect(arrange(samples, 0, UNSELECTED)).toEqual([0, 1, 2, 3, 4]);
  });

  test("by flip has the fragile first, and what never flips last and as logged", () => {
    expect(arrange(samples, 0, select({ sort: "flip" }))).toEqual([1, 4, 0, 2, 3]);
  });

  test("by confidence has the surest first", () => {
    const sure = [0.5, 0.99, 0.7].map((p) => sample(0, [0], { clean: says(0, p) }));
    expect(arrange(sure, 0, select({ sort: "confidence" }))).toEqual([1, 2, 0]);
  });

  test("by loss has the greatest fall of the true class's probability first", () => {
    const falling = [0.8, 0.1, 0.4].map((p) =>
      sample(0, [], { clean: says(0, 0.9, 0.9), adversarial: [says(0, 0.9, p)] }),
    );
    expect(arrange(falling, 0, select({ sort: "loss" }))).toEqual([1, 2, 0]);
    expect(arrange(falling, -1, select({ sort: "loss" }))).toEqual([0, 1, 2]);
  });

  test("keeps to the chosen true class", () => {
    const two = [sample(0, [0]), sample(1, [1], { label: 1 }), sample(0, [1])];
    expect(arrange(two, 0, select({ label: 0 }))).toEqual([0, 2]);
    expect(arrange(two, 0, select({ label: 0, show: "flipped" }))).toEqual([2]);
    expect(trueClasses(two)).toEqual([0, 1]);
  });
});

describe("between logged epsilons", () => {
  test("the nearest logged one below stands in, and is marked as not exact", () => {
    expect(loggedAt(EPSILONS, 3 / 255)).toEqual({ index: 1, epsilon: 2 / 255, exact: false });
    expect(loggedAt(EPSILONS, 1)).toEqual({ index: 2, epsilon: 4 / 255, exact: false });
  });

  test("a logged epsilon stands for itself, also after a round trip through text", () => {
    for (const [index, epsilon] of EPSILONS.entries()) {
      const read = Number(epsilon.toPrecision(12));
      expect(loggedAt(EPSILONS, read)).toEqual({ index, epsilon, exact: true });
    }
  });

  test("below the smallest, the clean predictions do; at 0 they are exact", () => {
    expect(loggedAt(EPSILONS, 0.5 / 255)).toEqual({ index: -1, epsilon: 0, exact: false });
    expect(loggedAt(EPSILONS, 0)).toEqual({ index: -1, epsilon: 0, exact: true });
    expect(loggedAt([0, 0.3], 0)).toEqual({ index: 0, epsilon: 0, exact: true });
  });

  test("the robust accuracy is the stand-in's", () => {
    const some = record([], { clean_accuracy: 0.9, robust_accuracy: [0.6, 0.3, 0.1] });
    const at = (epsilon: number) => robustAccuracy(some, loggedAt(EPSILONS, epsilon));
    expect([0, 0.5, 1, 3, 9].map((k) => at(k / 255))).toEqual([0.9, 0.9, 0.6, 0.3, 0.1]);
  });
});

describe("the median flip", () => {
  test("is the epsilon by which half of the right ones have flipped", () => {
    expect(medianFlip(record([early, late, never, wrong]))).toBe(4 / 255);
    expect(medianFlip(record([early, never]))).toBe(1 / 255);
  });

  test("is infinite where no logged epsilon flips half of them", () => {
    expect(medianFlip(record([early, never, never]))).toBe(INFINITY);
  });

  test("is unknown where none was right", () => {
    expect(medianFlip(record([wrong]))).toBeNull();
    expect(medianFlip(record([]))).toBeNull();
  });
});

describe("the epsilon to begin with", () => {
  test("is where the accuracy is halved", () => {
    const some = record([], { clean_accuracy: 0.8, robust_accuracy: [0.7, 0.4, 0.1] });
    expect(telling(some)).toBe(2 / 255);
  });

  test("is the largest where the model withstands all", () => {
    const some = record([], { clean_accuracy: 0.8, robust_accuracy: [0.7, 0.7, 0.6] });
    expect(telling(some)).toBe(4 / 255);
  });
});

describe("what is shown of the runs", () => {
  const runs: Run[] = [
    { run: "a", tags: ["fgsm"] },
    { run: "b", tags: ["other", "fgsm"] },
    { run: "c", tags: ["other"] },
  ];

  test("the tag is the chosen one, or the first of the chosen run, or the first", () => {
    expect(chosenTag(runs, UNSELECTED)).toBe("fgsm");
    expect(chosenTag(runs, select({ run: "c" }))).toBe("other");
    expect(chosenTag(runs, select({ run: "a", tag: "other" }))).toBe("other");
    expect(chosenTag(runs, select({ tag: "gone" }))).toBe("fgsm");
    expect(chosenTag([], UNSELECTED)).toBeNull();
  });

  test("all runs with the tag are drawn, as long as each has its own colour", () => {
    expect(shownRuns(runs, "fgsm", UNSELECTED)).toEqual(["a", "b"]);
    const many = Array.from({ length: 500 }, (_, i) => ({ run: `r${i}`, tags: ["fgsm"] }));
    expect(shownRuns(many, "fgsm", UNSELECTED)).toHaveLength(7);
    expect(shownRuns(many, "fgsm", select({ run: "r400" }))).toContain("r400");
  });

  test("the chosen ones are drawn if they have the tag; never none", () => {
    expect(shownRuns(runs, "fgsm", select({ runs: ["b", "c"] }))).toEqual(["b"]);
    expect(shownRuns(runs, "fgsm", select({ runs: ["c"] }))).toEqual(["a", "b"]);
  });

  test("the focus is on the chosen run if it is drawn, else on the first", () => {
    expect(focusedRun(["a", "b"], select({ run: "b" }))).toBe("b");
    expect(focusedRun(["a", "b"], select({ run: "c" }))).toBe("a");
    expect(focusedRun([], UNSELECTED)).toBeNull();
  });
});

describe("steps", () => {
  test("of several runs make one increasing list", () => {
    expect(mergeSteps([[0, 10, 20], [5, 10], []])).toEqual([0, 5, 10, 20]);
  });

  test("that a run does not have are stood in for by the nearest earlier one", () => {
    expect(standIn([0, 10, 20], 15)).toBe(10);
    expect(standIn([0, 10, 20], 20)).toBe(20);
    expect(standIn([5], 4)).toBeNull();
  });
});

test("a class without a name has none, and an empty name is none", () => {
  expect(className(record([], { class_names: ["cannon", ""] }), 0)).toBe("cannon");
  expect(className(record([], { class_names: ["cannon", ""] }), 1)).toBeNull();
  expect(className(record([], { class_names: null }), 0)).toBeNull();
});
