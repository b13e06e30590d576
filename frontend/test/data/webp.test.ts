import { afterEach, beforeEach, expect, test, vi } from "vitest";

class Canvas {
  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  getContext() {
    return { canvas: this, clearRect: () => {} };
  }
}

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal("OffscreenCanvas", Canvas);
});

afterEach(() => vi.unstubAllGlobals());

test("small pictures share a canvas, and a large one has its own, which has room for it", async () => {
  const { canvasFor } = await import("../../src/data/webp");
  const canvas = (width: number, height: number) => canvasFor(width, height)?.canvas;
  const shared = canvas(28, 28);
  expect(canvas(224, 300)).toBe(shared);
  for (const [width, height] of [
    [600, 20],
    [20, 600],
    [4096, 4096],
  ] as const) {
    expect(canvas(width, height)).toMatchObject({ width, height });
  }
  expect(canvas(512, 512)).toBe(shared);
  expect(shared).toMatchObject({ width: 512, height: 512 });
});
