import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { transferRows } from "../../src/model/csv";
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

test("the table has a row an epsilon and pair of models, with the interval of its share", () => {
  const [head, ...rows] = transferRows({ name: "b", step: 3, record }, "fgsm");
  expect(head?.slice(5)).toEqual([
    ...["made_on", "shown_to", "fooled", "right", "fooled_rate"],
    ...["fooled_rate_low", "fooled_rate_high"],
  ]);
  expect(rows.length).toBe(2 * 3 * 3);
  const [, second] = rows.filter((row) => row[5] === "b" && row[6] === "a");
  expect(second?.slice(0, 3)).toEqual(["b", "fgsm", 3]);
  expect(second?.slice(7, 10)).toEqual([3, 4, 0.75]);
  expect(second?.[10]).toBeCloseTo(0.3006, 4); // Wilson's, of 3 in 4
  expect(rows.find((row) => row[6] === "c")?.slice(7)).toEqual([0, 0, null, null, null]);
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
