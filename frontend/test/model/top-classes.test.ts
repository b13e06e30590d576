import { expect, test } from "vitest";
import type { Prediction, Sample } from "../../src/model/record";
import { known, topClasses } from "../../src/model/top-classes";

const says = (...said: [number, number][]): Prediction => ({
  classes: said.map(([label]) => label) as [number, ...number[]],
  probabilities: said.map(([, share]) => share),
  label_probability: said.find(([label]) => label === 1)?.[1] ?? 0.01,
});

const sample: Sample = {
  index: 0,
  label: 1,
  clean: says([1, 0.9], [2, 0.05]),
  noise: says([3, 1]),
  adversarial: [says([2, 0.6], [1, 0.3]), says([3, 0.5], [4, 0.2]), says([2, 0.7], [5, 0.2])],
  checksums: [0, 0],
};
const record = { epsilons: [0.1, 0.2, 0.3] as [number, ...number[]] };

test("the true class is known at every epsilon", () => {
  const { epsilons, own } = topClasses(record, sample, 5);
  expect(epsilons).toEqual([0, 0.1, 0.2, 0.3]);
  expect(own).toEqual({ label: 1, shares: [0.9, 0.3, 0.01, 0.01] });
});

test("another class has points where the model names it, the surest first", () => {
  const { others } = topClasses(record, sample, 3);
  expect(others).toEqual([
    { label: 2, shares: [0.05, 0.6, null, 0.7] },
    { label: 3, shares: [null, null, 0.5, null] },
    { label: 4, shares: [null, null, 0.2, null] },
  ]);
});

test("the target comes before all others", () => {
  const { others } = topClasses(record, { ...sample, target: 5 }, 2);
  expect(others.map(({ label }) => label)).toEqual([5, 2]);
});

test("an epsilon of 0 that was logged is the original", () => {
  const { epsilons, predictions } = topClasses({ epsilons: [0, 0.2, 0.3] }, sample, 5);
  expect(epsilons).toEqual([0, 0.2, 0.3]);
  expect(predictions).toEqual([sample.clean, sample.adversarial[1], sample.adversarial[2]]);
});

test("a curve is drawn along what is known of it", () => {
  expect(known([0.05, 0.6, null, 0.7])).toEqual([[0, 1], [3]]);
  expect(known([null, null])).toEqual([]);
});
