import { describe, expect, test } from "vitest";
import golden from "../../../tests/golden/record.json";
import { beside, placesBeside, turnBetween } from "../../src/model/beside";
import { checkedAt, contestOf, footing, oneSided, points, ranked } from "../../src/model/contest";
import type { Record } from "../../src/model/record";
import type { Side } from "../../src/model/sides";

const EPSILON = 2 / 255;

/** A side of samples such as "11+-": the original 11, right when clean and not at the epsilon. */
function side(name: string, samples: string, more: Partial<Side> = {}): Side {
  const said = (right: boolean) => ({
    classes: [right ? 0 : 1],
    probabilities: [0.9],
    label_probability: 0.5,
  });
  const record = {
    ...golden,
    epsilons: [EPSILON],
    samples: samples.match(/\S+/g)?.map((each) => ({
      index: 0,
      label: 0,
      clean: said(each[2] === "+"),
      adversarial: [said(each[3] === "+")],
      checksums: [Number(each.slice(0, 2)), 7],
    })),
  } as unknown as Record;
  const key = { run: name, tag: "fgsm", step: 0 };
  const rest = { kind: "run", colour: "", mark: "circle", current: false, error: null } as const;
  return { key, stamp: name, record, name, short: name, ...rest, ...more };
}

const own = side("own", "11++ 12++ 13+- 14+- 15++");
// In another order, one of own missing, and one that own has not.
const other = side("other", "13++ 99++ 11++ 12+- 14+-");

describe("a contest", () => {
  test("counts on how many of the samples that all have each is right", () => {
    expect(contestOf([own, other], EPSILON)).toMatchObject({ common: 4, right: [2, 2], alone: 1 });
    expect(contestOf([own, other], 0)).toMatchObject({ common: 4, right: [4, 4] });
  });

  test("knows the samples on which they disagree, and those that have a partner", () => {
    const contest = contestOf([own, other], EPSILON);
    expect(contest?.split).toEqual(new Set([1, 2]));
    expect(contest?.paired).toEqual(new Set([0, 1, 2, 3]));
    expect(contest && oneSided(contest)).toEqual([1, 1]);
    expect(contestOf([own, other], 0)?.split.size).toBe(0);
  });

  test("of three counts those that all have, and splits where any two disagree", () => {
    const third = side("third", "15+- 12++");
    const contest = contestOf([own, other, third], EPSILON);
    expect(contest).toMatchObject({ common: 1, right: [1, 0, 1], alone: 0 });
    expect(contest?.split).toEqual(new Set([1, 2, 4]));
  });

  test("ranks the best first, and those alike as they stand", () => {
    const weak = side("weak", "11+- 12+-");
    const contest = contestOf([weak, own, side("twin", "11++ 12++")], EPSILON);
    const names = contest && ranked(contest).map(({ side, right }) => [side.name, right]);
    expect(names).toEqual([
      ["own", 2],
      ["twin", 2],
      ["weak", 0],
    ]);
  });

  test("keeps all samples while another's record is on its way, and none that it cannot have", () => {
    const coming = side("late", "", { record: null });
    expect(contestOf([own, coming], EPSILON)).toMatchObject({ waiting: true, alone: 0 });
    const lost = { ...coming, error: { status: 422, message: "" } };
    expect(contestOf([own, lost], EPSILON)).toMatchObject({ waiting: false, alone: 5, common: 5 });
    expect(contestOf([coming, own], EPSILON)).toBeNull();
    expect(contestOf([], EPSILON)).toBeNull();
  });

  test("stays the same between two logged epsilons", () => {
    expect(footing([own, other], EPSILON)).toBe(footing([own, other], 8 / 255));
    expect(footing([own, other], EPSILON)).not.toBe(footing([own, other], 1 / 255));
  });
});

test("points are of the samples that all have", () => {
  expect([points(11, 30), points(1, 3), points(0, 0)]).toEqual([37, 33, 0]);
});

describe("a sample beside itself", () => {
  const record = own.record as Record;

  test("is found in each side that has it, with its state there", () => {
    const coming = side("late", "", { record: null });
    const sides = [own, other, coming];
    expect(placesBeside(record, 1, sides)).toEqual([1, 3, null]);
    const states = beside(record, 1, sides, EPSILON).map((each) => each?.state);
    expect(states).toEqual(["right", "flipped", undefined]);
    expect(beside(record, 4, sides, EPSILON)[1]).toBeNull();
  });

  test("turns where it is no longer right, and where it is again", () => {
    const [a, b] = beside(record, 1, [own, other], EPSILON) as [never, never];
    expect([turnBetween(a, b), turnBetween(b, a), turnBetween(a, a)]).toEqual([
      "lost",
      "won",
      null,
    ]);
    expect(turnBetween(a, null)).toBeNull();
  });
});

describe("a stronger attack", () => {
  const checked = (name: string, held: number): Side => {
    const plain = side(name, "11++");
    const check = { name: "PGD", count: 100, right: [90], held: [held] };
    return { ...plain, record: { ...(plain.record as Record), check } };
  };
  const overfitted = checked("fgsm", 14);

  test("leaves so many of each run's samples", () => {
    expect(checkedAt([overfitted, checked("gradalign", 65)], EPSILON)).toMatchObject([
      { side: { name: "fgsm" }, held: 14, count: 100 },
      { side: { name: "gradalign" }, held: 65, count: 100 },
    ]);
  });

  test("says nothing where one of them was not checked, or not at this epsilon", () => {
    expect(checkedAt([overfitted, own], EPSILON)).toEqual([]);
    expect(checkedAt([overfitted, checked("b", 1)], 0)).toEqual([]);
    expect(checkedAt([overfitted], EPSILON)).toEqual([]);
  });
});
