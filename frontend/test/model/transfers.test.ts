import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import type { Record } from "../../src/model/record";
import { mostFooled, panelsOf, transfers } from "../../src/model/transfers";

const without = golden as unknown as Record;
const record: Record = {
  ...without,
  transfers: {
    models: ["a", "b", "c"],
    own: 1,
    right: [4, 3, 0],
    fooled: [
      [
        [4, 4],
        [1, 2],
        [0, 0],
      ],
      [
        [0, 3],
        [2, 3],
        [0, 0],
      ],
      [
        [0, 1],
        [0, 1],
        [0, 0],
      ],
    ],
  },
};

test("a row is of the model that the examples are made on", () => {
  const rows = transfers(record, 1);
  expect(rows.map((row) => row.map(({ fooled }) => fooled))).toEqual([
    [4, 2, 0],
    [3, 3, 0],
    [1, 1, 0],
  ]);
  expect(rows[1]?.[0]).toEqual({ madeOn: "b", shownTo: "a", own: false, fooled: 3, right: 4 });
  expect(rows.map((row) => row.findIndex(({ own }) => own))).toEqual([0, 1, 2]);
});

test("the other one that is fooled most often is named, if any is", () => {
  expect(mostFooled(record, transfers(record, 1))?.shownTo).toBe("a");
  expect(mostFooled(record, transfers(record, 0))).toBeNull();
});

test("nobody is fooled without a perturbation", () => {
  expect(
    transfers(record, -1)
      .flat()
      .map(({ fooled }) => fooled),
  ).toEqual(Array(9).fill(0));
});

test("the panel is there where there is something to show in it", () => {
  expect(panelsOf(record)).toContain("transfer");
  expect(panelsOf(without)).toEqual(["epsilon", "training", "classes"]);
  expect(panelsOf(null)).not.toContain("transfer");
});
