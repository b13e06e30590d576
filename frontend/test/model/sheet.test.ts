import { expect, test } from "vitest";
import { laySheet, MARGIN } from "../../src/model/sheet";

const cells = (count: number, width = 640, height = 200) =>
  Array.from({ length: count }, () => ({ width, height }));
const head = () => 50;

test("all cells lie within the sheet, below its head, and none over another", () => {
  const { width, height, places } = laySheet(cells(30), head);
  expect(places).toHaveLength(30);
  for (const [i, { x, y }] of places.entries()) {
    expect([x, y].every(Number.isInteger)).toBe(true);
    expect(x).toBeGreaterThanOrEqual(MARGIN);
    expect(y).toBeGreaterThanOrEqual(MARGIN + 50);
    expect(x + 640 + MARGIN).toBeLessThanOrEqual(width);
    expect(y + 200 + MARGIN).toBeLessThanOrEqual(height);
    for (const other of places.slice(0, i)) {
      expect(Math.abs(other.x - x) >= 640 || Math.abs(other.y - y) >= 200).toBe(true);
    }
  }
});

test("a sheet is about as wide as high, in the order of reading", () => {
  const { width, height, places } = laySheet(cells(30), head);
  expect(width / height).toBeGreaterThan(1);
  expect(width / height).toBeLessThan(2);
  const order = [...places].sort((a, b) => a.y - b.y || a.x - b.x);
  expect(places).toEqual(order);
});

test("a row is as high as its highest cell", () => {
  const sizes = [...cells(2, 100, 100), { width: 100, height: 300 }, ...cells(3, 100, 100)];
  const { places } = laySheet(sizes, head);
  const rows = [...new Set(places.map(({ y }) => y))];
  expect((rows[1] as number) - (rows[0] as number)).toBeGreaterThanOrEqual(300);
});

test("what a canvas has no room for is left out, but for the first row", () => {
  const { width, height, places } = laySheet(cells(60, 1600, 700), head);
  expect(width * height).toBeLessThanOrEqual(2 ** 24);
  expect(places.length).toBeGreaterThan(8);
  expect(places.length).toBeLessThan(60);
  expect(laySheet(cells(1, 9000, 9000), head).places).toHaveLength(1);
});
