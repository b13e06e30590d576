import { expect, test } from "vitest";
import { wilson } from "../../src/model/interval";

test.each([
  // By SciPy: binomtest(k, n).proportion_ci(method="wilson").
  [0, 1, 0, 0.793450685622763],
  [1, 1, 0.206549314377237, 1],
  [10, 24, 0.244676026, 0.611653341],
  [64, 64, 0.94337594, 1],
  [500, 1000, 0.4690696, 0.5309304],
])("of %i right ones among %i it is Wilson's", (right, count, low, high) => {
  const found = wilson(right / count, count);
  expect(found[0]).toBeCloseTo(low, 6);
  expect(found[1]).toBeCloseTo(high, 6);
});
