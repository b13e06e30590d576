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

test("the first two small pictures have canvases that were made before, all others their own", async () => {
  const { canvasFor, prepare } = await import("../../src/data/webp");
  const sides = (width: number, height: number) => canvasFor(width, height)?.canvas;
  prepare();
  expect(sides(4096, 20)).toMatchObject({ width: 4096, height: 20 });
  expect(sides(28, 28)).toMatchObject({ width: 256, height: 256 });
  expect(sides(20, 600)).toMatchObject({ width: 20, height: 600 });
  expect(sides(224, 256)).toMatchObject({ width: 256, height: 256 });
  expect(sides(28, 28)).toMatchObject({ width: 28, height: 28 });
});
