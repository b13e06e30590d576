import { describe, expect, test } from "vitest";
import type { Curve, Step } from "../../src/model/run";
import {
  beliefOf,
  byUrgency,
  cellAt,
  columnsOf,
  labelled,
  mix,
  parseColour,
  pathOf,
  rowsOf,
  span,
} from "../../src/model/training";

function curve(step: number, epsilons: readonly number[] = [0.1, 0.2], clean = 0.9): Curve {
  return {
    step,
    wall_time: step,
    epsilons: epsilons as Curve["epsilons"],
    clean_accuracy: clean,
    robust_accuracy: epsilons.map((epsilon) => clean - epsilon),
    count: 10,
  };
}

const steps = (...numbers: number[]): Step[] => numbers.map((step) => ({ step, wall_time: step }));

describe("the map's columns", () => {
  test("are the steps of the slider, each the run's own or its nearest earlier one", () => {
    const columns = columnsOf([0, 5, 10, 15, 20], steps(5, 15), ({ step }) => curve(step));
    expect(columns.map(({ step, shown }) => [step, shown])).toEqual([
      [0, null],
      [5, 5],
      [10, 5],
      [15, 15],
      [20, 15],
    ]);
    expect(columns.map(({ curve }) => curve?.step)).toEqual([undefined, 5, 5, 15, 15]);
  });

  test("tell what cannot be had from what is on its way", () => {
    const error = { status: 422, message: "step 1 is damaged" };
    const found = (step: Step) => (step.step === 1 ? error : undefined);
    const [damaged, waiting] = columnsOf([1, 2], steps(1, 2), found);
    expect(damaged).toEqual({ step: 1, shown: 1, curve: null, error });
    expect(waiting).toEqual({ step: 2, shown: 2, curve: null, error: null });
  });
});

describe("the map's rows", () => {
  const rows = (...curves: Curve[]) =>
    rowsOf(curves.map((curve) => ({ step: curve.step, shown: 0, curve, error: null })));

  test("are the clean pictures and each epsilon of any step, the largest last", () => {
    expect(rows(curve(0, [0.2, 0.4]), curve(1, [0.1, 0.2]))).toEqual([0, 0.1, 0.2, 0.4]);
  });

  test("have 0 once, also where it was logged", () => {
    expect(rows(curve(0, [0, 0.3]))).toEqual([0, 0.3]);
    expect(rowsOf([])).toEqual([0]);
  });
});

test("the steps nearest to the current one come first", () => {
  const order = (current: number | null) =>
    byUrgency(steps(0, 10, 20, 30), current).map(({ step }) => step);
  expect(order(null)).toEqual([30, 20, 10, 0]);
  expect(order(10)).toEqual([10, 0, 20, 30]);
  expect(order(25)).toEqual([20, 10, 30, 0]);
  expect(order(-1)).toEqual([30, 20, 10, 0]);
});

test("a point lies in a cell, rows counted from the bottom; beyond the edge is on it", () => {
  const at = (x: number, y: number) => cellAt(x, y, { width: 100, height: 40 }, 4, 2);
  expect(at(0, 0)).toEqual({ column: 0, row: 1 });
  expect(at(99, 39)).toEqual({ column: 3, row: 0 });
  expect(at(50, 19)).toEqual({ column: 2, row: 1 });
  expect(at(-5, 90)).toEqual({ column: 0, row: 0 });
  expect(at(200, -9)).toEqual({ column: 3, row: 1 });
});

test("cells share their edges, and fill the map", () => {
  const spans = [0, 1, 2].map((place) => span(place, 3, 100));
  expect(spans).toEqual([
    [0, 33],
    [33, 67],
    [67, 100],
  ]);
});

test("no accuracy is the ground, all of it the colour", () => {
  const [ground, colour] = [parseColour(" #ffffff"), parseColour("#ee6c00")];
  expect(mix(ground, colour, 0)).toBe("rgb(255 255 255)");
  expect(mix(ground, colour, 1)).toBe("rgb(238 108 0)");
  expect(mix(ground, colour, 0.5)).toBe("rgb(247 182 128)");
});

describe("of the rows' labels", () => {
  test("all are shown where there is room", () => {
    expect(labelled(4, 20, 14)).toEqual([0, 1, 2, 3]);
  });

  test("the first and the last are, and none too near to another", () => {
    for (const [count, pitch] of [
      [21, 7],
      [12, 12],
      [2, 5],
      [30, 4],
    ] as const) {
      const shown = labelled(count, pitch, 14);
      expect([shown[0], shown.at(-1)]).toEqual([0, count - 1]);
      const gaps = shown.slice(1).map((row, i) => row - (shown[i] as number));
      if (shown.length > 2) expect(Math.min(...gaps) * pitch).toBeGreaterThanOrEqual(14);
    }
  });

  test("one row has its own", () => {
    expect([labelled(1, 100, 14), labelled(0, 100, 14)]).toEqual([[0], []]);
  });
});

describe("whether the accuracies are to be believed", () => {
  const column = (step: number, shown: number | null, curve: Partial<Curve> | null) => ({
    ...{ step, shown, error: null },
    curve: curve && {
      ...{ step, wall_time: 0, epsilons: [0.1, 0.2] as [number, ...number[]], count: 50 },
      ...{ clean_accuracy: 1, robust_accuracy: [0.8, 0.4] },
      ...curve,
    },
  });
  const check = { name: "PGD", count: 8, held: [6, 1] };

  test("is not told where no step says anything of it", () => {
    expect(beliefOf([column(0, 0, {}), column(1, null, null)], 0.1)).toBeNull();
  });

  test("is told at one epsilon, and a step that has overfitted is marked once", () => {
    const columns = [
      column(0, null, null),
      column(1, 1, { check, alignment: [0.9, null] }),
      column(2, 2, { alignment: [0.4, -0.2], overfitted: true }),
      column(3, 2, { alignment: [0.4, -0.2], overfitted: true }),
    ];
    expect(beliefOf(columns, 0.2)).toEqual({
      robust: [null, 0.4, 0.4, 0.4],
      stronger: [null, 0.125, null, null],
      alignment: [null, null, -0.2, -0.2],
      overfitted: [2],
    });
    expect(beliefOf(columns, 0.3)?.stronger).toEqual([null, null, null, null]);
  });

  test("is a line with gaps, and a point where a step stands alone", () => {
    expect(pathOf([null, 1, 0.5, null, -0.2])).toBe("M1.5 0L2.5 0.5M4.5 1h.001");
    expect(pathOf([])).toBe("");
  });
});
