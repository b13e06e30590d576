import { expect, test } from "vitest";
import { Lru } from "../../src/data/lru";

test("what was used the longest time ago goes first", () => {
  const lru = new Lru<string, number>(3);
  for (const [i, key] of ["a", "b", "c"].entries()) lru.set(key, i, 1);
  lru.get("a");
  lru.set("d", 3, 1);
  expect(["a", "b", "c", "d"].filter((key) => lru.has(key))).toEqual(["a", "c", "d"]);
});

test("its weight never exceeds the capacity, but for one value heavier than it", () => {
  const lru = new Lru<number, string>(10);
  for (let i = 0; i < 100; i++) {
    lru.set(i % 7, "x", 1 + (i % 4));
    expect(lru.weight).toBeLessThanOrEqual(10);
  }
  lru.set(1000, "heavy", 50);
  expect(lru.get(1000)).toBe("heavy");
  expect(lru.weight).toBe(50);
});

test("a value set again is counted once", () => {
  const lru = new Lru<string, number>(10);
  lru.set("a", 1, 4);
  lru.set("a", 2, 5);
  expect(lru.weight).toBe(5);
  expect(lru.get("a")).toBe(2);
});
