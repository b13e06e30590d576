import { expect, test } from "vitest";
import { adversarial, noise } from "../../src/model/pixels";
import { noiseAt, tableAt } from "../../src/views/canvas";

const EPSILONS = Array.from({ length: 4001 }, (_, k) => ((k / 4000) * 16) / 255);

test("pictures between two grey levels are the same table, which is drawn once", () => {
  const tables = EPSILONS.map(tableAt);
  expect(new Set(tables).size).toBeLessThanOrEqual(33); // 16 halves of a level passed, some of them met exactly
  for (const [i, table] of tables.entries()) {
    expect(table).toEqual(adversarial(EPSILONS[i] ?? 0));
  }
});

test("the noise as large as it is changes as seldom, and as exactly", () => {
  const tables = EPSILONS.map((epsilon) => noiseAt(epsilon, 1));
  expect(new Set(tables).size).toBeLessThanOrEqual(34);
  for (const [i, table] of tables.entries()) {
    expect(table).toEqual(noise(EPSILONS[i] ?? 0, 1));
  }
});
