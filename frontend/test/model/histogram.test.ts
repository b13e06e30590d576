import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { makeAxis } from "../../src/model/axis";
import { flipsAlong } from "../../src/model/histogram";
import type { Record, Sample } from "../../src/model/record";

const [first] = (golden as unknown as Record).samples as [Sample];

function record(flips: readonly (number | null)[]): Record {
  return {
    ...(golden as unknown as Record),
    epsilons: [0.1, 0.2, 0.4],
    attack: { ...golden.attack, refine: 5 },
    samples: flips.map((flip_epsilon) => ({ ...first, flip_epsilon })),
  };
}

test("each flip counts in the part of the axis up to which its sample held", () => {
  const axis = makeAxis([0.1, 0.2, 0.4], "linear");
  const counts = flipsAlong(record([0.04, 0.1, 0.11, 0.39, 0.4]), axis, 4);
  expect(counts).toEqual([2, 1, 0, 2]);
});

test("a sample that never flips, or was wrong before, counts nowhere", () => {
  const axis = makeAxis([0.1, 0.2, 0.4], "log");
  const wrong = { ...first, label: first.label === 0 ? 1 : 0, flip_epsilon: 0 };
  const some = record([null, 0.2]);
  const counts = flipsAlong({ ...some, samples: [...some.samples, wrong] }, axis, 8);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1);
});
