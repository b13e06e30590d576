import { describe, expect, test } from "vitest";
import type { Step } from "../../src/model/run";
import { UNSELECTED } from "../../src/model/selection";
import { comparedWith, runSides, sideOf, spread, stagesOf } from "../../src/model/sides";

const own = (...steps: number[]): Step[] => steps.map((step) => ({ step, wall_time: step }));
const hundred = own(...Array(100).keys());
const asked = { run: "a", tag: "fgsm", step: 30, own: own(10, 20, 40), tags: ["fgsm", "pgd"] };

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

  test("are asked for where a sample is followed over them, or looked at closely", () => {
    expect(stagesOf(UNSELECTED, asked)).toEqual([]);
    const steps = [10, 20, 40].map((step) => ({ run: "a", tag: "fgsm", step }));
    expect(stagesOf({ ...UNSELECTED, shape: "time" }, asked)).toEqual(steps);
    expect(stagesOf({ ...UNSELECTED, sample: 0 }, asked)).toEqual(steps);
  });
});

describe("what a run is compared with", () => {
  const compare = { ...UNSELECTED, shape: "compare" } as const;

  test("is nothing of its own beside other runs, or where nothing is compared", () => {
    expect(comparedWith(compare, asked)).toBeNull();
    expect(comparedWith({ ...UNSELECTED, against: "tag" }, asked)).toBeNull();
  });

  test("is the chosen step, or its first, or the last where the first is shown", () => {
    const at = (otherStep: number | null, step = asked.step) =>
      comparedWith({ ...compare, against: "step", otherStep }, { ...asked, step })?.step;
    expect([at(40), at(null), at(7)]).toEqual([40, 10, 10]);
    expect([at(null, 10), at(null, 15), at(10, 10)]).toEqual([40, 40, 10]);
  });

  test("is the chosen tag, or another of its tags", () => {
    const at = (otherTag: string | null, tags = asked.tags) =>
      comparedWith({ ...compare, against: "tag", otherTag }, { ...asked, tags });
    expect(at("pgd")).toEqual({ run: "a", tag: "pgd", step: 30 });
    expect(at("fgsm")?.tag).toBe("pgd");
    expect(at("gone")?.tag).toBe("pgd");
    expect(at(null, ["fgsm"])).toBeNull();
  });

  test("is of the step that stands for the one asked for, once that is known", () => {
    const run = { name: "a", short: "a", colour: "", mark: "circle", step: 30 } as const;
    const shown = { ...run, stamp: "", record: null, error: null, focused: true, drawn: true };
    const newest = { run: "a", tag: "pgd", step: Number.POSITIVE_INFINITY };
    const step = (found: number | null) =>
      sideOf(shown, newest, "tag", found === null ? null : { ...shown, step: found }).key.step;
    expect([step(20), step(null)]).toEqual([20, newest.step]);
  });

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
