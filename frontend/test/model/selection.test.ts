import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import type { Record, Sample } from "../../src/model/record";
import type { Run } from "../../src/model/run";
import {
  chosenTag,
  focusedRun,
  loggedAt,
  mergeSteps,
  picturedAt,
  robustAccuracy,
  type Selection,
  shownRuns,
  standIn,
  telling,
  UNSELECTED,
} from "../../src/model/selection";

const EPSILONS: Record["epsilons"] = [1 / 255, 2 / 255, 4 / 255];
function record(samples: Sample[], rest: Partial<Record> = {}): Record {
  return { ...(golden as unknown as Record), epsilons: EPSILONS, samples, ...rest };
}

function select(choice: Partial<Selection>): Selection {
  return { ...UNSELECTED, ...choice };
}

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

test("an attack with a picture an epsilon shows the one below, another any", () => {
  const record = golden as unknown as Record;
  const at = { index: 0, epsilon: 0.1, exact: false };
  expect(picturedAt(record, at, 0.15)).toBe(0.15);
  expect(picturedAt({ ...record, pictures: "each" }, at, 0.15)).toBe(0.1);
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
