import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import type { Prediction, Record, Sample } from "../../src/model/record";
import {
  arrange as arrangeNamed,
  className,
  countFacets,
  filtering,
  firstFlip,
  flipEpsilon,
  medianFlip,
  namer,
  stateOf,
} from "../../src/model/samples";
import { type Selection, UNSELECTED } from "../../src/model/selection";

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
  const { length: count } = samples;
  return { ...(golden as unknown as Record), epsilons: EPSILONS, samples, count, ...rest };
}

const unnamed = (number: number) => `class ${number}`;

function arrange(record: Record, index: number, filter: Selection): number[] {
  return arrangeNamed(record, index, filter, unnamed);
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

describe("the counts beside the filters", () => {
  const samples = [
    ...[early, late, never, back, wrong],
    sample(2, [2, 0, 1], { label: 2, index: 11 }),
    sample(2, [1, 1, 1], { label: 2, index: 12 }),
  ];
  const some = record(samples, { class_names: ["cannon", "kite", ""] });
  const named = namer(some, unnamed);
  const filters: Selection[] = [
    UNSELECTED,
    select({ show: "flipped" }),
    select({ label: 0 }),
    select({ predicted: 1 }),
    select({ text: "CLASS 2" }),
    select({ show: "right", label: 2, text: "k" }),
    select({ show: "flipped", predicted: 1, text: "kite" }),
  ];

  test.each(filters)(
    "are what each choice would show, the other filters being as they are",
    (filter) => {
      for (const index of [-1, 0, 1, 2]) {
        const { states, labels, predicted } = countFacets(record(samples), index, filter, named);
        const shown = (choice: Partial<Selection>) =>
          arrange(some, index, { ...filter, ...choice }).length;
        for (const show of ["all", "flipped", "right", "wrong"] as const) {
          expect(states[show]).toBe(shown({ show }));
        }
        for (const number of [0, 1, 2]) {
          expect(labels.get(number) ?? 0).toBe(shown({ label: number }));
          expect(predicted.get(number) ?? 0).toBe(shown({ predicted: number }));
        }
      }
    },
  );

  test("name no class of which there is none", () => {
    const { labels, predicted } = countFacets(record(samples), 0, select({ show: "right" }), named);
    expect([...labels]).toEqual([
      [0, 2],
      [2, 1],
    ]);
    expect([...predicted.keys()]).toEqual([0, 2]);
  });
});

test("a filter is set where it may keep samples back", () => {
  expect(filtering(UNSELECTED)).toBe(false);
  expect(filtering(select({ text: "  " }))).toBe(false);
  const set = [{ show: "right" }, { label: 0 }, { predicted: 0 }, { text: "a" }] as const;
  expect(set.map((choice) => filtering(select(choice)))).toEqual([true, true, true, true]);
});

describe("the grid's order", () => {
  const samples = [late, early, wrong, never, back];

  test("as logged is the record's", () => {
    expect(arrange(record(samples), 0, UNSELECTED)).toEqual([0, 1, 2, 3, 4]);
  });

  test("by flip has the fragile first, and what never flips last and as logged", () => {
    expect(arrange(record(samples), 0, select({ sort: "flip" }))).toEqual([1, 4, 0, 2, 3]);
  });

  test("by confidence has the surest first", () => {
    const sure = [0.5, 0.99, 0.7].map((p) => sample(0, [0], { clean: says(0, p) }));
    expect(arrange(record(sure), 0, select({ sort: "confidence" }))).toEqual([1, 2, 0]);
  });

  test("by loss has the greatest fall of the true class's probability first", () => {
    const falling = [0.8, 0.1, 0.4].map((p) =>
      sample(0, [], { clean: says(0, 0.9, 0.9), adversarial: [says(0, 0.9, p)] }),
    );
    expect(arrange(record(falling), 0, select({ sort: "loss" }))).toEqual([1, 2, 0]);
    expect(arrange(record(falling), -1, select({ sort: "loss" }))).toEqual([0, 1, 2]);
  });

  test("keeps to the chosen true class", () => {
    const two = [sample(0, [0]), sample(1, [1], { label: 1 }), sample(0, [1])];
    expect(arrange(record(two), 0, select({ label: 0 }))).toEqual([0, 2]);
    expect(arrange(record(two), 0, select({ label: 0, show: "flipped" }))).toEqual([2]);
  });

  test("keeps to the class that the model says at the epsilon", () => {
    const two = record([sample(0, [0, 1]), sample(1, [2, 2]), sample(0, [1, 2])]);
    expect(arrange(two, 0, select({ predicted: 1 }))).toEqual([2]);
    expect(arrange(two, 1, select({ predicted: 2, label: 0 }))).toEqual([1, 2]);
    expect(arrange(two, -1, select({ predicted: 0 }))).toEqual([0, 2]);
  });

  test("keeps to a text in the true or the predicted class's name, or a sample's number", () => {
    const samples = [sample(0, [1], { index: 7 }), sample(1, [2], { index: 11, label: 2 })];
    const named = record(samples, { class_names: ["Cannon", "folding chair", "kite"] });
    const found = (text: string, index = 0) => arrange(named, index, select({ text }));
    expect(found(" cannon ")).toEqual([0]);
    expect(found("CHAIR")).toEqual([0]);
    expect(found("chair", -1)).toEqual([1]);
    expect(found("i")).toEqual([0, 1]);
    expect(found("11")).toEqual([1]);
    expect(found("#11")).toEqual([1]);
    expect(found("1")).toEqual([]);
  });

  test("finds a class without a name by the name that is shown", () => {
    const two = record([sample(0, [0]), sample(3, [1], { label: 3 })], { class_names: null });
    expect(arrange(two, -1, select({ text: "class 3" }))).toEqual([1]);
    expect(arrange(two, 0, select({ text: "class 1" }))).toEqual([1]);
  });
});

describe("a flip that was searched for between the logged epsilons", () => {
  const searched = (samples: Sample[]) =>
    record(samples, { attack: { ...golden.attack, refine: 6 } });
  const at = (flip_epsilon: number | null) => sample(0, [1, 1, 1], { flip_epsilon });

  test("is where the sample flips, sorts the grid, and has the median", () => {
    const some = searched([at(0.9 / 255), at(null), at(0.2 / 255)]);
    expect(some.samples.map((each) => flipEpsilon(some, each))).toEqual([
      0.9 / 255,
      INFINITY,
      0.2 / 255,
    ]);
    expect(arrange(some, 0, select({ sort: "flip" }))).toEqual([2, 0, 1]);
    expect(medianFlip(some)).toBe(0.9 / 255);
  });

  test("is the logged one where nobody searched", () => {
    const plain = record([late, never]);
    expect(plain.samples.map((each) => flipEpsilon(plain, each))).toEqual([4 / 255, INFINITY]);
  });
});

test("under a targeted attack flipped means that the model says the target", () => {
  const towards = (target: number) => sample(0, [1, 2, 0], { target });
  const states = (target: number) => [0, 1, 2].map((index) => stateOf(towards(target), index));
  expect(states(2)).toEqual(["right", "flipped", "right"]);
  expect(states(0)).toEqual(["right", "right", "right"]);
  expect(stateOf(sample(1, [2], { target: 2 }), 0)).toBe("wrong");
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
    expect(medianFlip(record([], { clean_accuracy: 0 }))).toBeNull();
  });

  test("is of all samples, at a logged epsilon, where some have no pictures", () => {
    const some = (success_rate: number[] | null) =>
      medianFlip(record([early, early], { count: 10, clean_accuracy: 0.5, success_rate }));
    expect(some([0.2, 0.5, 0.9])).toBe(2 / 255);
    expect(some([0.2, 0.3, 0.4])).toBe(INFINITY);
    expect(some(null)).toBeNull();
  });
});

test("a class without a name has none, and an empty name is none", () => {
  expect(className(record([], { class_names: ["cannon", ""] }), 0)).toBe("cannon");
  expect(className(record([], { class_names: ["cannon", ""] }), 1)).toBeNull();
  expect(className(record([], { class_names: null }), 0)).toBeNull();
  expect(className(record([], { class_names: ["\u202edrum", "kite"] }), 0)).toBe("\ufffddrum");
});
