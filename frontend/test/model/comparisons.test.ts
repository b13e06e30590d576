import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { comparisons } from "../../src/model/comparisons";
import type { Record } from "../../src/model/record";

const record = {
  ...(golden as unknown as Record),
  epsilons: [0.1, 0.2],
  clean_accuracy: 0.9,
  control_accuracy: [0.8, 0.7],
  reference_accuracy: [0.6, 0.5],
} as Record;

const told = (of: Record | null) =>
  comparisons(of).map(({ name, accuracies }) => [name, accuracies(0), accuracies(0.2)]);

test("an attack is compared with random noise and plain FGSM, from the same clean accuracy", () => {
  expect(told(record)).toEqual([
    ["randomNoise", 0.9, 0.7],
    ["plainFgsm", 0.9, 0.5],
  ]);
});

test("what was not logged is not compared with", () => {
  expect(told({ ...record, control_accuracy: null })).toEqual([["plainFgsm", 0.9, 0.5]]);
  expect(told({ ...record, control_accuracy: null, reference_accuracy: null })).toEqual([]);
  expect(told(null)).toEqual([]);
});

test("of a few samples, what a stronger attack leaves is known at the logged epsilons alone", () => {
  const check = { name: "PGD", count: 8, right: [8, 6], held: [6, 1] };
  const found = comparisons({
    ...{ ...record, control_accuracy: null, reference_accuracy: null, check },
  } as Record);
  expect(found.map(({ name, count }) => [name, count])).toEqual([["stronger", 8]]);
  const [stronger] = found;
  expect([0, 0.1, 0.15, 0.2].map((epsilon) => stronger?.accuracies(epsilon))).toEqual([
    null,
    0.75,
    null,
    0.125,
  ]);
});
