import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Decoder } from "../src/data/decoder";
import type { Source } from "../src/data/source";
import { startWorker } from "../src/data/start-worker";
import { speech } from "../src/i18n/words";
import { Store } from "../src/store";

let frames: (() => void)[];

beforeEach(() => {
  // What a store does when it has waited long enough is none of the next test's concern.
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (next: () => void) => frames.push(next));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("it is not idle before the views know what has come: they may ask for more", async () => {
  const source = { listing: async () => ({ kept: 50, runs: [] }) } as unknown as Source;
  const store = new Store(source, new Decoder(startWorker()), await speech("en"));
  const told: boolean[] = [];
  store.addEventListener("change", () => told.push(store.idle));
  store.reload();
  await vi.waitUntil(() => store.view.listing);
  expect(store.idle).toBe(false);
  for (const frame of frames.splice(0)) frame();
  expect(told).toEqual([true]);
});
