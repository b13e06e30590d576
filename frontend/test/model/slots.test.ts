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
