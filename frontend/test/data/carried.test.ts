import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { carried } from "../../src/data/carried";

const KEY = { run: "a", tag: "fgsm", step: 5 };
const STEPS = [
  { run: "a", tag: "pgd", step: 0, wall_time: 1, place: 1 },
  { run: "a", tag: "fgsm", step: 5, wall_time: 2, place: 0 },
  { run: "__proto__", tag: "fgsm", step: 5, wall_time: 3, place: 2 },
];

/** A page with these steps, the first of which has two samples. */
const source = carried({
  getElementById: (id) => {
    const texts = new Map([
      ["fgsm-steps", JSON.stringify(STEPS)],
      ["fgsm-record-0", JSON.stringify(golden)],
      ["fgsm-pictures-0", "AQ== AgM= BAUG BwgJCg=="],
      ["fgsm-pictures-2", ""],
    ]);
    const textContent = texts.get(id);
    return textContent === undefined ? null : { textContent };
  },
});
const { signal } = new AbortController();

test("the runs are listed with their tags, and all steps are kept", async () => {
  expect(await source.listing()).toEqual({
    kept: 0,
    runs: [
      { run: "a", tags: ["fgsm", "pgd"] },
      { run: "__proto__", tags: ["fgsm"] },
    ],
  });
  expect(await source.steps("a", "fgsm")).toEqual([{ step: 5, wall_time: 2 }]);
});

test("a record and its curve are those of the step's own element", async () => {
  const { record, size } = await source.record(KEY);
  expect(record).toEqual(golden);
  expect(size).toBe(JSON.stringify(golden).length);
  const [curve] = await source.curves("a", "fgsm", [5]);
  expect(curve).toMatchObject({
    step: 5,
    wall_time: 2,
    epsilons: golden.epsilons,
    robust_accuracy: golden.robust_accuracy,
  });
});

test("pictures come as bytes, in the order asked for; what is missing is empty", async () => {
  const found = await source.pictures(KEY, [1, 0, 2], 2, signal);
  expect(found.map((each) => each.map((bytes) => [...bytes]))).toEqual([
    [
      [4, 5, 6],
      [7, 8, 9, 10],
    ],
    [[1], [2, 3]],
    [[], []],
  ]);
  const other = await source.pictures({ ...KEY, run: "__proto__" }, [0], 2, signal);
  expect(other.map((each) => each.map((bytes) => bytes.length))).toEqual([[0, 0]]);
});

test("a step that is not carried is an error with a sentence, and no picture has an address", async () => {
  await expect(source.record({ ...KEY, step: 6 })).rejects.toMatchObject({
    status: 404,
    message: "run a, tag fgsm: step 6 is not here",
  });
  expect(source.pngAddress(KEY, 0, 0.1)).toBeNull();
});
