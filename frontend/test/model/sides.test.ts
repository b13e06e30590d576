import { describe, expect, test } from "vitest";
import type { Step } from "../../src/model/run";
import { UNSELECTED } from "../../src/model/selection";
import { runSides, spread, stagesOf } from "../../src/model/sides";

const own = (...steps: number[]): Step[] => steps.map((step) => ({ step, wall_time: step }));
const hundred = own(...Array(100).keys());
const asked = { run: "a", tag: "fgsm", step: 30, own: own(10, 20, 40) };

describe("the steps of a training side by side", () => {
  test("are all of a few", () => {
    expect(spread(own(3, 5, 9), 5)).toEqual([3, 5, 9]);
  });

  test("are of many the first, the last, and some evenly between", () => {
    expect(spread(hundred, null, 4)).toEqual([0, 33, 66, 99]);
  });

  test("have the current one, in the place of the nearest that is no end", () => {
    expect(spread(hundred, 1, 4)).toEqual([0, 1, 66, 99]);
    expect(spread(hundred, 60, 4)).toEqual([0, 33, 60, 99]);
    expect(spread(hundred, 99, 4)).toEqual([0, 33, 66, 99]);
  });

  test("are asked for where a sample is looked at closely", () => {
    expect(stagesOf(UNSELECTED, asked)).toEqual([]);
    const steps = [10, 20, 40].map((step) => ({ run: "a", tag: "fgsm", step }));
    expect(stagesOf({ ...UNSELECTED, sample: 0 }, asked)).toEqual(steps);
  });
});

describe("the runs side by side", () => {
  test("are the drawn runs that have a step, the focused one first", () => {
    const run = (name: string, more: object) => ({
      name,
      short: name,
      colour: "--run-0",
      mark: "circle" as const,
      step: 30,
      stamp: name,
      record: null,
      error: null,
      drawn: true,
      focused: false,
      ...more,
    });
    const sides = runSides("fgsm", [
      run("a", {}),
      run("b", { focused: true }),
      run("c", { drawn: false }),
      run("d", { step: null }),
    ]);
    expect(sides.map(({ key, current }) => [key.run, current])).toEqual([
      ["b", true],
      ["a", false],
    ]);
  });
});
