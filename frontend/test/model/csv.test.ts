import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { climbRows, csv, curveRows, predictionRows, trainingRows } from "../../src/model/csv";
import type { Record } from "../../src/model/record";

const record = golden as unknown as Record;

test("what has commas, quotes or breaks is quoted, and lines end as in RFC 4180", () => {
  expect(
    csv([
      ["a", 1, null],
      ['say "b", c\nd', -0.5, ""],
    ]),
  ).toBe('a,1,\r\n"say ""b"", c\nd",-0.5,\r\n');
});

test("no text is a formula, and no number is changed", () => {
  expect(csv([["=1+1", "+1", "-1", "@x", "a=b", -1]])).toBe("'=1+1,'+1,'-1,'@x,a=b,-1\r\n");
});

test("letters beyond the plainest are announced", () => {
  expect(csv([["고양이"]])).toBe("\ufeff고양이\r\n");
});

test("a curve has a row for 0 and each logged epsilon of each run", () => {
  const [head, ...rows] = curveRows([{ name: "a", step: 3, record }], "fgsm");
  expect(head?.length).toBe(rows[0]?.length);
  expect(rows.map((row) => row[3])).toEqual([...new Set([0, ...record.epsilons])]);
  expect(rows[0]?.slice(0, 3)).toEqual(["a", "fgsm", 3]);
});

test("what a stronger attack leaves and how straight the loss is stand at the end", () => {
  const epsilons = [0.1, 0.2] as [number, ...number[]];
  const check = { name: "PGD", count: 8, right: [8, 6], held: [6, 1] };
  const doubted = { ...record, epsilons, robust_accuracy: [1, 0.5], check, alignment: [0.9, null] };
  const [head, ...rows] = curveRows([{ name: "a", step: 3, record: doubted }], "fgsm");
  expect(head?.slice(-3)).toEqual([
    "stronger_attack_accuracy",
    "stronger_attack_count",
    "gradient_alignment",
  ]);
  expect(rows.map((row) => row.slice(-3))).toEqual([
    [null, 8, null],
    [0.75, 8, 0.9],
    [0.125, 8, null],
  ]);
});

test("of a training only the run's own steps have rows", () => {
  const curve = { ...record, step: 2, wall_time: 0 };
  const columns = [
    { step: 2, shown: 2, curve, error: null },
    { step: 5, shown: 2, curve, error: null },
  ];
  const steps = trainingRows("a", "fgsm", columns).map((row) => row[2]);
  expect(new Set(steps)).toEqual(new Set(["step", 2]));
});

test("a climb has a row for each logged epsilon and step of the attack, and its start is one", () => {
  const epsilons = [0.1, 0.2] as [number, ...number[]];
  const climb = {
    losses: [
      [-2, 0.5, 1],
      [-2, 1.5, 4],
    ],
    right: [
      [4, 3, 2],
      [4, 1, 0],
    ],
  };
  const told = { name: "a", step: 3, record: { ...record, count: 4, epsilons, climb } as Record };
  const [head, ...rows] = climbRows(told, "fgsm");
  expect(head?.slice(5)).toEqual(["attack_step", "loss", "right", "count", "accuracy"]);
  expect(rows.map((row) => row.slice(3))).toEqual([
    [0.1, 25.5, 0, -2, 4, 4, 1],
    [0.1, 25.5, 1, 0.5, 3, 4, 0.75],
    [0.1, 25.5, 2, 1, 2, 4, 0.5],
    [0.2, 51, 0, -2, 4, 4, 1],
    [0.2, 51, 1, 1.5, 1, 4, 0.25],
    [0.2, 51, 2, 4, 0, 4, 0],
  ]);
  expect(rows[0]?.slice(0, 3)).toEqual(["a", "fgsm", 3]);
  expect(climbRows({ name: "a", step: 3, record }, "fgsm")).toEqual([head]);
});

test("the predictions of each class add up to its samples", () => {
  const counted = {
    ...record,
    class_names: null,
    classes: [
      {
        ...{ label: 3, count: 10, clean: { correct: 9, became: [[1, 1]] as [number, number][] } },
        adversarial: [
          {
            correct: 0,
            became: [
              [1, 4],
              [2, 3],
            ] as [number, number][],
          },
        ],
      },
    ],
  };
  const rows = (index: number) =>
    predictionRows({ name: "a", step: 3, record: counted }, "fgsm", index, (n) => `c${n}`)
      .slice(1)
      .map((row) => row.slice(5));
  expect(rows(-1)).toEqual([
    [3, "c3", 3, "c3", 9],
    [3, "c3", 1, "c1", 1],
  ]);
  expect(rows(0)).toEqual([
    [3, "c3", 1, "c1", 4],
    [3, "c3", 2, "c2", 3],
    [3, "c3", null, null, 3],
  ]);
});
