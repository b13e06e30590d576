import { expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { partnerOf } from "../../src/model/partners";
import type { Record } from "../../src/model/record";

/** A record of samples with these originals. */
function recordOf(...originals: number[]): Record {
  const [first] = (golden as unknown as Record).samples;
  const samples = originals.map((original) => ({ ...first, checksums: [original, 7] }));
  return { ...golden, samples } as unknown as Record;
}

test("a sample is found by its pixels, whatever the order", () => {
  const [one, other] = [recordOf(11, 12, 13), recordOf(13, 11)];
  expect([0, 1, 2].map((at) => partnerOf(one, at, other))).toEqual([1, null, 0]);
});

test("equal originals meet in their order", () => {
  const [one, other] = [recordOf(11, 12, 11, 11), recordOf(11, 11, 12)];
  expect([0, 1, 2, 3].map((at) => partnerOf(one, at, other))).toEqual([0, 2, 1, null]);
});

test("a place beyond the record has no partner", () => {
  expect(partnerOf(recordOf(11), 1, recordOf(11))).toBeNull();
});
