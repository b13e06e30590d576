import { expect, test } from "vitest";
import { Slots } from "../../src/model/slots";

function shown(slots: Slots, places: readonly number[]): number[] {
  slots.show(places);
  return places.map((place) => slots.slot(place));
}

test("a place keeps its element for as long as it is shown", () => {
  const slots = new Slots();
  const [first, second, third] = shown(slots, [0, 1, 2]);
  expect(shown(slots, [1, 2, 3])).toEqual([second, third, first]);
  expect(shown(slots, [0, 1, 2])).toEqual([first, second, third]);
});

test("of two that go, the first becomes the last that comes", () => {
  const slots = new Slots();
  const [first, second, ...others] = shown(slots, [0, 1, 2, 3]);
  expect(shown(slots, [2, 3, 4, 5])).toEqual([...others, second, first]);
});

test("one that is far from the others keeps it, too", () => {
  const slots = new Slots();
  const [, before] = shown(slots, [0, 1, 2]);
  expect(shown(slots, [1, 500, 501])[0]).toBe(before);
});

test("no two places share an element, and no more are made than are shown at once", () => {
  const slots = new Slots();
  for (let first = 0; first < 200; first += 7) {
    const found = shown(
      slots,
      [0, 1, 2, 3].map((i) => first + i),
    );
    expect(new Set(found).size).toBe(4);
    expect(Math.max(...found)).toBeLessThan(4);
  }
});

test("what is not shown has none", () => {
  const slots = new Slots();
  slots.show([3]);
  slots.clear();
  expect(slots.slot(3)).toBe(-1);
  expect(shown(slots, [9])).toEqual([0]);
});

/** The places as their elements lie in the document, and the elements. */
function kept(slots: Slots, places: readonly number[]): [readonly number[], number[]] {
  const lying = slots.keep(places);
  return [lying, lying.map((place) => slots.slot(place))];
}

test("while no element moves, one that is shown no longer shows what has come", () => {
  const slots = new Slots();
  const elements = shown(slots, [0, 1, 2, 3]);
  expect(kept(slots, [2, 3, 4, 5])).toEqual([[4, 5, 2, 3], elements]);
  expect(slots.sorted).toBe(false);
  expect(kept(slots, [3, 4, 5, 6])).toEqual([[4, 5, 6, 3], elements]);
  expect(kept(slots, [0, 1, 2, 3])).toEqual([[0, 1, 2, 3], elements]);
  expect(slots.sorted).toBe(true);
});

test("far from where it was all is in order without one moving", () => {
  const slots = new Slots();
  const elements = shown(slots, [0, 1, 2]);
  kept(slots, [1, 2, 3]);
  expect(kept(slots, [500, 501, 502])).toEqual([[500, 501, 502], elements]);
});

test("put in order again, each place keeps its element", () => {
  const slots = new Slots();
  const [first, second, third] = shown(slots, [0, 1, 2]);
  kept(slots, [1, 2, 3]);
  expect(shown(slots, [1, 2, 3])).toEqual([second, third, first]);
  expect(slots.sorted).toBe(true);
});

test("more places have more elements, after the others, and of fewer the rest are free", () => {
  const slots = new Slots();
  const elements = shown(slots, [4, 5]);
  expect(kept(slots, [3, 4, 5, 6])).toEqual([
    [4, 5, 3, 6],
    [...elements, 2, 3],
  ]);
  const [lying] = kept(slots, [5, 6, 7]);
  expect(lying).toEqual([7, 5, 6]);
  const [, again] = kept(slots, [5, 6, 7, 8]);
  expect(Math.max(...again)).toBe(3);
});

/** The elements as they lie once these places are in order around one whose element is not moved. */
function settled(slots: Slots, fixed: number, places: readonly number[]): number[] {
  const own = slots.slot(fixed);
  expect(slots.settle(fixed)).toBe(true);
  expect(slots.slot(fixed)).toBe(own);
  return shown(slots, places);
}

test("around one that is not moved, those before it go to the end, the first to the very end", () => {
  const slots = new Slots();
  const [first, second, ...others] = shown(slots, [0, 1, 2, 3, 4]);
  expect(kept(slots, [2, 3, 4, 5, 6])[0]).toEqual([5, 6, 2, 3, 4]);
  expect(settled(slots, 3, [2, 3, 4, 5, 6])).toEqual([...others, second, first]);
  expect(slots.sorted).toBe(true);
});

test("and those behind it to the beginning, the last to the very beginning", () => {
  const slots = new Slots();
  const [first, second, third, fourth, last] = shown(slots, [2, 3, 4, 5, 6]);
  expect(kept(slots, [0, 1, 2, 3, 4])[0]).toEqual([2, 3, 4, 0, 1]);
  expect(settled(slots, 3, [0, 1, 2, 3, 4])).toEqual([last, fourth, first, second, third]);
  expect(slots.sorted).toBe(true);
});

test("where it lies first and is to be last, it takes two times, as Lit would move it", () => {
  const slots = new Slots();
  const [own, second, third] = shown(slots, [3, 4, 5]);
  expect(kept(slots, [1, 2, 3])[0]).toEqual([3, 1, 2]);
  expect(slots.settle(3)).toBe(true);
  expect(kept(slots, [1, 2, 3])).toEqual([
    [1, 3, 2],
    [third, own, second],
  ]);
  expect(settled(slots, 3, [1, 2, 3])).toEqual([second, third, own]);
  expect(slots.sorted).toBe(true);
});

test("of two the first cannot become the last without being moved, and nothing changes", () => {
  const slots = new Slots();
  shown(slots, [1, 2]);
  const before = kept(slots, [0, 1]);
  expect(before[0]).toEqual([1, 0]);
  expect(slots.settle(1)).toBe(false);
  expect(kept(slots, [0, 1])).toEqual(before);
});
