import { describe, expect, test } from "vitest";
import { english } from "../../src/i18n/english";
import type { Contest } from "../../src/model/contest";
import type { Side } from "../../src/model/sides";
import { outcome } from "../../src/views/outcome";

const WORD = english;

/** A contest of sides such as [name, how often right]. */
function contest(
  kind: Side["kind"],
  sides: readonly (readonly [string, number])[],
  more: { common?: number; split?: number } = {},
): Contest {
  const split = new Set(Array.from({ length: more.split ?? 0 }, (_, i) => i));
  return {
    sides: sides.map(([short], step) => ({ kind, short, key: { tag: short, step } }) as Side),
    right: sides.map(([, right]) => right),
    common: more.common ?? 30,
    waiting: false,
    paired: new Set([0]),
    alone: 0,
    split,
  };
}

describe("who is right on how many", () => {
  test("names the run that leads first, and by how much", () => {
    const two = contest("run", [["standard", 7] as const, ["robust", 18] as const], { split: 13 });
    expect(outcome(two, "2/255", WORD)).toBe(
      "At 2/255, of the 30 samples that both have, robust is right on 18, standard on 7: " +
        "robust leads by 11 (37 points). They disagree on 13.",
    );
  });

  test("says so of those that are level, without attack too", () => {
    const level = contest("run", [["a", 5] as const, ["b", 5] as const]);
    expect(outcome(level, "", WORD)).toBe(
      "Without attack, of the 30 samples that both have, a is right on 5, b on 5: " +
        "a and b are level. They disagree on none.",
    );
  });

  test("names of many the best two and the last", () => {
    const names = ["a", "b", "c", "d", "e"];
    const many = contest(
      "run",
      names.map((name, i) => [name, i] as const),
      { split: 4 },
    );
    expect(outcome(many, "2/255", WORD)).toContain(
      "e is right on 4, d on 3, …, a on 0: e leads by 1",
    );
  });

  test("tells how much better or worse the step that is shown is", () => {
    const steps = (shown: number, other: number) =>
      outcome(contest("step", [["", shown] as const, ["", other] as const]), "2/255", WORD);
    expect(steps(9, 3)).toContain("step 0 is right on 9, step 1 on 3: 6 more (20 points).");
    expect(steps(3, 9)).toContain("step 0 is right on 3, step 1 on 9: 6 fewer (20 points).");
    expect(steps(3, 3)).toContain("as many.");
  });

  test("tells what the weaker of two attacks hides, whichever is shown", () => {
    const tags = (first: readonly [string, number], second: readonly [string, number]) =>
      outcome(contest("tag", [first, second], { split: 11 }), "2/255", WORD);
    const told = "10 that hold under fgsm fall to pgd. 1 the other way round.";
    expect(tags(["fgsm", 18], ["pgd", 9])).toContain(`18 hold under fgsm, 9 under pgd. ${told}`);
    expect(tags(["pgd", 9], ["fgsm", 18])).toContain(`9 hold under pgd, 18 under fgsm. ${told}`);
  });

  test("says that no sample is in all", () => {
    const none = contest("run", [["a", 0] as const], { common: 0 });
    expect(outcome(none, "2/255", WORD)).toBe(WORD.contestNone);
  });
});
