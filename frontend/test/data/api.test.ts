import { afterEach, describe, expect, test, vi } from "vitest";
import { fetchListing, fetchPictures, ranges, split } from "../../src/data/api";

const KEY = { run: "a b&c", tag: "fgsm", step: 7 };

function answer(body: BodyInit, init: ResponseInit = {}) {
  const asked = vi.fn(async (_url: string) => new Response(body, init));
  vi.stubGlobal("fetch", asked);
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

/** Blobs as the route sends them. */
function framed(...blobs: number[][]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(blobs.flatMap((blob) => [blob.length, 0, 0, 0, ...blob]));
}

test("samples are asked for in ranges", () => {
  expect(ranges([0, 1, 2, 5, 9, 10])).toBe("0-2,5,9-10");
  expect(ranges([3, 2, 1])).toBe("3,2,1");
  expect(ranges([])).toBe("");
});

describe("an answer of pictures", () => {
  test("is cut at the lengths before each of them", () => {
    expect(split(framed([1, 2], [], [3])).map((blob) => [...blob])).toEqual([[1, 2], [], [3]]);
  });

  test("comes as pairs in the order asked for", async () => {
    const asked = answer(framed([1], [2], [3], [4]));
    const pairs = await fetchPictures(KEY, [5, 2], 2, new AbortController().signal);
    expect(pairs.map((pair) => pair.map((blob) => [...blob]))).toEqual([
      [[1], [2]],
      [[3], [4]],
    ]);
    expect(asked.mock.calls[0]?.[0]).toMatch(
      /pictures\?run=a\+b%26c&tag=fgsm&step=7&samples=5%2C2&each=2$/,
    );
  });

  test("comes with as many of each sample as are asked for", async () => {
    const asked = answer(framed([1], [2], [3], [4], [5], [6]));
    const pictures = await fetchPictures(KEY, [0, 1], 3, new AbortController().signal);
    expect(pictures.map((each) => each.flatMap((blob) => [...blob]))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(asked.mock.calls[0]?.[0]).toMatch(/&each=3$/);
  });

  test("that is cut short has empty pictures at its end, which no checksum lets through", async () => {
    answer(framed([1], [2], [3]).slice(0, -1));
    const pairs = await fetchPictures(KEY, [0, 1], 2, new AbortController().signal);
    expect(pairs.map((pair) => pair.map((blob) => blob.length))).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });
});

describe("an error", () => {
  const failure = () => fetchListing().catch((error: unknown) => error);

  test("of the plugin is its own sentence", async () => {
    answer("no run 'x'", { status: 404, headers: { "content-type": "text/plain; charset=utf-8" } });
    expect(await failure()).toMatchObject({ status: 404, message: "no run 'x'" });
  });

  test("of TensorBoard is its status, and no page of HTML", async () => {
    answer("<h1>Internal Server Error</h1>", { status: 500 });
    expect(await failure()).toMatchObject({ status: 500, message: "" });
  });

  test("of the network has the status 0", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await failure()).toMatchObject({ status: 0, message: "" });
  });
});

describe("a server that is busy", () => {
  const busy = () => new Response("too many", { status: 429, headers: { "retry-after": "0.01" } });

  test("is asked again when it says so", async () => {
    const asked = vi.fn(async () => busy());
    asked.mockImplementationOnce(async () => busy());
    asked.mockImplementationOnce(async () => Response.json({ kept: 50, runs: [] }));
    vi.stubGlobal("fetch", asked);
    expect(await fetchListing()).toEqual({ kept: 50, runs: [] });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test("is not asked for ever", async () => {
    const asked = vi.fn(async () => busy());
    vi.stubGlobal("fetch", asked);
    await expect(fetchListing()).rejects.toMatchObject({ status: 429 });
    expect(asked).toHaveBeenCalledTimes(6);
  });

  test("is not asked again for what nobody wants any longer", async () => {
    const asked = vi.fn(async () => busy());
    vi.stubGlobal("fetch", asked);
    const wanted = new AbortController();
    const pictures = fetchPictures(KEY, [0], 2, wanted.signal);
    setTimeout(() => wanted.abort());
    await expect(pictures).rejects.toMatchObject({ name: "AbortError" });
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
