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
