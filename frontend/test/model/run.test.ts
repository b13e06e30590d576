import { expect, test } from "vitest";
import { accuracyAt, isNewer } from "../../src/model/run";

const logged = (epsilons: [number, ...number[]], robust: number[]) => ({
  epsilons,
  clean_accuracy: 0.9,
  robust_accuracy: robust,
});

test("the accuracy is that of a logged epsilon, or when clean, and else unknown", () => {
  const curve = logged([0.1, 0.2], [0.8, 0.7]);
  expect(accuracyAt(curve, 0)).toBe(0.9);
  expect(accuracyAt(curve, 0.2)).toBe(0.7);
  expect(accuracyAt(curve, 0.15)).toBeNull();
  expect(accuracyAt(logged([0, 0.3], [0.85, 0.5]), 0)).toBe(0.85);
  expect(accuracyAt(null, 0)).toBeNull();
});

test("a record of a later version is told from a damaged one", () => {
  const message = "the record is of version 8: upgrade tensorboard-plugin-fgsm";
  expect(isNewer({ status: 422, message })).toBe(true);
  expect(isNewer({ status: 422, message: "not a record" })).toBe(false);
});
