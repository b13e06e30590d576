import { expect, test } from "vitest";
import { panned, pixelAt, place, revealing, WHOLE, zoomed } from "../../src/model/zoom";

const frame = {
  picture: { width: 100, height: 50 },
  box: { width: 330, height: 330 },
  ratio: 1,
};

test("the whole picture is in the middle, enlarged by a whole factor where one fits", () => {
  expect(place(frame, WHOLE)).toEqual({ left: 15, top: 90, scale: 3 });
  const fine = { ...frame, ratio: 2 };
  expect(place(fine, WHOLE).scale).toBe(3);
  expect(place({ ...fine, box: { width: 360, height: 350 } }, WHOLE).scale).toBe(3.5);
});

test("where a whole factor would waste the room, any does", () => {
  expect(place({ ...frame, box: { width: 174, height: 330 } }, WHOLE).scale).toBe(1.74);
});

test("a picture larger than its box is shrunk to fit", () => {
  const { left, scale } = place({ ...frame, box: { width: 80, height: 80 } }, WHOLE);
  expect([left, scale]).toEqual([0, 0.8]);
});

test("what one zooms in on stays where it is", () => {
  const about = { x: 200, y: 160 };
  const at = (zoom: typeof WHOLE) => {
    const { left, top, scale } = place(frame, zoom);
    return [(about.x - left) / scale, (about.y - top) / scale];
  };
  const near = zoomed(frame, WHOLE, 4, about);
  expect(at(near)[0]).toBeCloseTo(at(WHOLE)[0] as number);
  expect(at(near)[1]).toBeCloseTo(at(WHOLE)[1] as number);
  expect(zoomed(frame, near, 1 / 1000, about)).toEqual(WHOLE);
});

test("one comes no closer than to some forty-eight pixels a pixel", () => {
  const near = zoomed(frame, WHOLE, 1e9, { x: 1, y: 1 });
  expect(place(frame, near).scale).toBe(48);
});

test("a large picture fills its box, however far it is dragged", () => {
  const near = zoomed(frame, WHOLE, 10, { x: 165, y: 165 });
  const corner = place(frame, panned(frame, near, { x: 1e6, y: 1e6 }));
  expect([corner.left, corner.top]).toEqual([0, 0]);
  const other = place(frame, panned(frame, near, { x: -1e6, y: -1e6 }));
  expect(other.left).toBeCloseTo(330 - 100 * other.scale);
  expect(panned(frame, WHOLE, { x: 50, y: 50 })).toEqual(WHOLE);
});

test("a point is told by the pixel that lies there, or by none", () => {
  expect(pixelAt(frame, WHOLE, { x: 15, y: 90 })).toEqual({ x: 0, y: 0 });
  expect(pixelAt(frame, WHOLE, { x: 314.9, y: 239.9 })).toEqual({ x: 99, y: 49 });
  expect(pixelAt(frame, WHOLE, { x: 14, y: 100 })).toBeNull();
  expect(pixelAt(frame, WHOLE, { x: 100, y: 241 })).toBeNull();
});

test("a pixel out of sight is brought just into it", () => {
  const near = zoomed(frame, WHOLE, 10, { x: 165, y: 165 });
  expect(revealing(frame, near, { x: 50, y: 25 })).toBe(near);
  const first = place(frame, revealing(frame, near, { x: 0, y: 0 }));
  expect([first.left, first.top]).toEqual([0, 0]);
  const last = place(frame, revealing(frame, near, { x: 99, y: 25 }));
  expect(last.left + 100 * last.scale).toBeCloseTo(330);
});
