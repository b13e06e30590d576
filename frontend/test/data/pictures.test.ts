import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import golden from "../../../tests/golden/record.json";
import { routes } from "../../src/data/api";
import { Decoder } from "../../src/data/decoder";
import { Pictures } from "../../src/data/pictures";
import { startWorker } from "../../src/data/start-worker";
import { checksum } from "../../src/model/pixels";
import type { Record } from "../../src/model/record";

const KEY = { run: "a", tag: "fgsm", step: 7 };
const SIZE = 2;

/** A stored picture: here its grey level alone, which the decoder below makes a picture of. */
const stored = (level: number) => Uint8Array.of(level);
const ORIGINAL = stored(100);
const DIRECTION = stored(255);

function recordOf(count: number, broken: { [position: number]: [number, number] } = {}): Record {
  const good: [number, number] = [checksum(ORIGINAL), checksum(DIRECTION)];
  const [first] = (golden as unknown as Record).samples;
  return {
    ...(golden as unknown as Record),
    picture: { width: SIZE, height: SIZE, channels: 1 },
    samples: Array.from({ length: count }, (_, i) => ({
      ...(first as Record["samples"][0]),
      checksums: broken[i] ?? good,
    })),
  };
}

/** The browser's decoder in small: a picture of one grey level; level 13 cannot be decoded. */
function decoder(direction = DIRECTION): void {
  vi.stubGlobal("createImageBitmap", async (blob: Blob) => {
    const [value = 0] = new Uint8Array(await blob.arrayBuffer());
    if (value === 13) throw new DOMException("no picture");
    return { width: value === 14 ? 1 : SIZE, height: SIZE, level: value, close: () => {} };
  });
  class Canvas {
    getContext() {
      let level = 0;
      return {
        drawImage: (bitmap: { level: number }) => {
          level = bitmap.level;
        },
        getImageData: () => ({ data: new Uint8ClampedArray(4 * SIZE * SIZE).fill(level) }),
      };
    }
  }
  vi.stubGlobal("OffscreenCanvas", Canvas);
  answers = [ORIGINAL, direction];
}

let answers: Uint8Array[];
let asked: string[];
let refuse: Response | null;
let pictures: Pictures;

beforeEach(() => {
  asked = [];
  refuse = null;
  decoder();
  vi.stubGlobal("fetch", async (address: string, { signal }: RequestInit) => {
    const samples = new URL(address).searchParams.get("samples") ?? "";
    asked.push(samples);
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    if (refuse) return refuse.clone();
    const count = samples
      .split(",")
      .map((range) => range.split("-").map(Number))
      .reduce((sum, [from = 0, to = from]) => sum + to - from + 1, 0);
    const pair = answers.flatMap((blob) => [blob.length, 0, 0, 0, ...blob]);
    return new Response(Uint8Array.from(Array(count).fill(pair).flat()));
  });
  pictures = new Pictures(routes, new Decoder(startWorker), () => {});
});

afterEach(() => vi.unstubAllGlobals());

const idle = () => vi.waitUntil(() => pictures.idle);

test("a screenful is one request, and what has come is not asked for again", async () => {
  pictures.open(KEY, "a7", recordOf(20));
  pictures.want([0, 1, 2, 5]);
  await idle();
  pictures.want([0, 1, 2, 5, 6]);
  await idle();
  expect(asked).toEqual(["0-2,5", "6"]);
  expect(pictures.peek(5)).toEqual(new Uint16Array(3 * SIZE * SIZE).fill(2 * 256 + 100));
});

test("more than a screenful comes in several requests, one after another", async () => {
  pictures.open(KEY, "a7", recordOf(60));
  pictures.want([...Array(60).keys()]);
  await idle();
  expect(asked).toEqual(["0-23", "24-47", "48-59"]);
});

test("where the first few are here sooner, they are asked for before the others and the worker", async () => {
  const start = () => {
    asked.push("(the worker)");
    return startWorker();
  };
  pictures = new Pictures({ ...routes, firstSamples: 1 }, new Decoder(start), () => {});
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (next: () => void) => frames.push(next));
  pictures.open(KEY, "a7", recordOf(9));
  expect(pictures.idle).toBe(false);
  await vi.waitUntil(() => frames.length > 0);
  expect(pictures.idle).toBe(false);
  pictures.want([0, 4, 5]);
  for (const _ of ["drawn", "painted"]) {
    await vi.waitUntil(() => frames.length > 0);
    expect(pictures.peek(0)).toBeDefined();
    expect(asked).toEqual(["0"]);
    frames.pop()?.();
  }
  await idle();
  expect(asked).toEqual(["0", "(the worker)", "4-5"]);
  pictures.want([7, 8]);
  await idle();
  expect(asked).toEqual(["0", "(the worker)", "4-5", "7-8"]);
});

test("what is no longer wanted when its turn comes is not asked for", async () => {
  pictures.open(KEY, "a7", recordOf(3000));
  pictures.want([...Array(100).keys()]);
  pictures.want([2000, 2001]);
  await idle();
  expect(asked).toEqual(["0-23", "2000-2001"]);
});

test("no more is fetched than there is room for, or it would be fetched forever", async () => {
  const record = { ...recordOf(9), picture: { width: 4000, height: 3000, channels: 3 } };
  pictures.open(KEY, "a7", record);
  pictures.want([4, 5, 6]);
  await idle();
  expect(asked).toEqual(["4"]);
});

test("it is not idle before it has heard what is wanted", async () => {
  expect(pictures.idle).toBe(true);
  pictures.open(KEY, "a7", recordOf(3));
  expect(pictures.idle).toBe(false);
  pictures.want([]);
  await idle();
});

test("turning to another step drops what was on its way for the last", async () => {
  pictures.open(KEY, "a7", recordOf(3));
  pictures.want([0, 1, 2]);
  pictures.open({ ...KEY, step: 8 }, "a8", recordOf(3));
  pictures.want([1]);
  await idle();
  expect(asked).toEqual(["0-2", "1"]);
  expect(pictures.peek(0)).toBeUndefined();
  expect(pictures.peek(1)).toBeInstanceOf(Uint16Array);
});

describe("damage to one picture leaves the others", () => {
  const good = checksum(ORIGINAL);

  test("when a checksum is not the record's", async () => {
    pictures.open(KEY, "a7", recordOf(3, { 0: [1, 2], 1: [good, 2] }));
    pictures.want([0, 1, 2]);
    await idle();
    expect([0, 1].map((at) => pictures.peek(at))).toEqual(["original", "direction"]);
    expect(pictures.peek(2)).toBeInstanceOf(Uint16Array);
  });

  test.each([
    ["cannot be decoded", 13],
    ["has another size than the record says", 14],
    ["has values that are no signs", 99],
  ])("when a direction %s", async (_, level) => {
    decoder(stored(level));
    pictures.open(KEY, "a7", recordOf(1, { 0: [good, checksum(stored(level))] }));
    pictures.want([0]);
    await idle();
    expect(pictures.peek(0)).toBe("direction");
  });
});

test("after an error nothing is asked until one tries again", async () => {
  refuse = new Response("step 7 is gone", {
    status: 404,
    headers: { "content-type": "text/plain" },
  });
  pictures.open(KEY, "a7", recordOf(3));
  pictures.want([0]);
  await idle();
  expect(pictures.error?.message).toBe("step 7 is gone");
  pictures.want([0, 1]);
  await idle();
  expect(asked).toEqual(["0"]);
  refuse = null;
  pictures.retry();
  await idle();
  expect(pictures.error).toBeNull();
  expect(asked).toEqual(["0", "0-1"]);
});

test("where the picture fails that nobody has wanted yet, nothing more is waited for", async () => {
  const told: boolean[] = [];
  const source = { ...routes, firstSamples: 1 };
  pictures = new Pictures(source, new Decoder(startWorker), () => told.push(pictures.idle));
  refuse = new Response("step 7 is gone", { status: 404 });
  pictures.open(KEY, "a7", recordOf(3));
  await vi.waitUntil(() => pictures.error);
  expect(told).toEqual([true]);
  pictures.want([0, 1]);
  expect(pictures.idle).toBe(true);
});

describe("of an attack with a picture an epsilon", () => {
  const pictures_ = [ORIGINAL, stored(101), stored(99)];

  function each(count: number, checksums = pictures_.map(checksum)): Record {
    const record = recordOf(count);
    const samples = record.samples.map((sample) => ({ ...sample, checksums }));
    return { ...record, pictures: "each", samples: samples as Record["samples"] };
  }

  test("the original and each epsilon's come, fewer samples at a time", async () => {
    answers = pictures_;
    pictures.open(KEY, "a7", each(40));
    pictures.want([...Array(40).keys()]);
    await idle();
    expect(asked).toEqual(["0-15", "16-31", "32-39"]);
    const film = pictures.peek(39) as { original: Uint8ClampedArray; adversarial: unknown[] };
    expect(film.original[0]).toBe(100);
    expect(film.adversarial).toHaveLength(2);
  });

  test("damage to one is told as such", async () => {
    answers = pictures_;
    pictures.open(KEY, "a7", each(1, [checksum(ORIGINAL), checksum(stored(101)), 3]));
    pictures.want([0]);
    await idle();
    expect(pictures.peek(0)).toBe("adversarial");
  });
});

describe("pictures of other steps", () => {
  const beside = (stamp: string, positions: number[], count = 9) => ({
    album: { key: KEY, stamp, record: recordOf(count) },
    positions,
  });

  test("come before those of the step that is read, or after them, by who asks", async () => {
    pictures.open(KEY, "a7", recordOf(9));
    pictures.want([1]);
    pictures.wantBeside("grid", [beside("a8", [3])]);
    pictures.wantBeside("sample", [beside("a9", [4])]);
    pictures.want([1, 2]);
    await idle();
    // What was asked for first was under way already.
    expect(asked).toEqual(["1", "4", "2", "3"]);
    expect(pictures.peek(3, "a8")).toBeInstanceOf(Uint16Array);
    expect(pictures.peek(3)).toBeUndefined();
  });

  test("that cannot be had are missed, and the rest goes on", async () => {
    pictures.open(KEY, "a7", recordOf(9));
    refuse = new Response("gone", { status: 404 });
    pictures.wantBeside("sample", [beside("a8", [3])]);
    await vi.waitUntil(() => asked.length > 0);
    refuse = null;
    pictures.want([1]);
    await idle();
    pictures.wantBeside("grid", [beside("a8", [3])]);
    await idle();
    expect(pictures.error).toBeNull();
    expect(asked).toEqual(["3", "1"]);
  });
});

test("pictures are had one after the other, whatever is wanted and held", async () => {
  const record = recordOf(60);
  pictures.open(KEY, "a7", record);
  pictures.want([1]);
  await idle();
  const positions = Array.from({ length: 30 }, (_, i) => i);
  let count = 0;
  for await (const decoded of pictures.each({
    album: { key: KEY, stamp: "a7", record },
    positions,
  })) {
    expect(decoded).toHaveLength(3 * SIZE * SIZE);
    count++;
  }
  expect(count).toBe(30);
  expect(asked).toEqual(["1", "0,2-23", "24-29"]);
  refuse = new Response("no", { status: 404 });
  const other = { key: KEY, stamp: "b", record };
  await expect(pictures.each({ album: other, positions }).next()).rejects.toMatchObject({
    status: 404,
  });
  expect(pictures.error).toBeNull();
});
