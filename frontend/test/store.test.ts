import { afterEach, beforeEach, expect, test, vi } from "vitest";
import golden from "../../tests/golden/record.json";
import { Decoder } from "../src/data/decoder";
import type { Source } from "../src/data/source";
import { startWorker } from "../src/data/start-worker";
import { speech } from "../src/i18n/words";
import type { Record } from "../src/model/record";
import { Store } from "../src/store";

beforeEach(() => {
  // What a store does when it has waited long enough is none of the next test's concern.
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("it is not idle before the views know what has come: they may ask for more", async () => {
  const source = { listing: async () => ({ kept: 50, runs: [] }) } as unknown as Source;
  const store = new Store(source, new Decoder(startWorker), await speech("en"));
  const told: boolean[] = [];
  store.addEventListener("change", () => told.push(store.idle));
  store.reload();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.view.listing).not.toBeNull();
  expect(store.idle).toBe(false);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([true]);
});

/** A run with a step, and the first of its pictures. */
function sourceOf(picture: () => Promise<unknown>): Source {
  return {
    listing: async () => ({ kept: 50, runs: [{ run: "a", tags: ["fgsm"] }] }),
    steps: async () => [{ step: 1, wall_time: 1 }],
    record: async () => ({ record: golden as unknown as Record, size: 1 }),
    firstSamples: 1,
    pictures: picture,
  } as unknown as Source;
}

test("the first picture is asked for before the views are told, which wait for it a little", async () => {
  const happened: string[] = [];
  const source = sourceOf(() => {
    happened.push("asked");
    return new Promise(() => {});
  });
  const store = new Store(source, new Decoder(startWorker), await speech("en"));
  store.addEventListener("change", () => happened.push("told"));
  store.reload();
  await vi.advanceTimersByTimeAsync(0);
  expect(happened).toEqual(["asked"]);
  await vi.advanceTimersByTimeAsync(100);
  expect(happened).toEqual(["asked", "told"]);
});

test("they are told as soon as it is there, be it damaged", async () => {
  const source = sourceOf(async () => [[Uint8Array.of(1), Uint8Array.of(2)]]);
  const store = new Store(source, new Decoder(startWorker), await speech("en"));
  let told = false;
  store.addEventListener("change", () => {
    told = true;
  });
  store.reload();
  await vi.advanceTimersByTimeAsync(5);
  expect(told).toBe(true);
  expect(store.pictures.peek(0)).toBe("original");
});
