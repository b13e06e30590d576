import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Decoder } from "../../src/data/decoder";
import { startWorker } from "../../src/data/start-worker";
import type { Question } from "../../src/data/worker";
import { checksum } from "../../src/model/pixels";

/** A worker that answers when told to, or fails to start. */
class FakeWorker {
  static last: FakeWorker;
  onmessage: (event: { data: unknown }) => void = () => {};
  onerror: (event: { preventDefault: () => void }) => void = () => {};
  readonly asked: Question[] = [];

  constructor() {
    FakeWorker.last = this;
  }

  postMessage(question: Question): void {
    this.asked.push(question);
  }

  answer(place: number): void {
    this.onmessage({ data: { id: this.asked[place]?.id, decoded: Uint16Array.of(place) } });
  }
}

const bytes = Uint8Array.of(1, 2, 3);
/** Its original is damaged, which even without a browser's decoder is found out. */
const SAMPLE = {
  stored: [bytes.subarray(0, 1), bytes.subarray(1)],
  checksums: [0, checksum(bytes.subarray(1))] as [number, number],
  picture: { width: 1, height: 1, channels: 1 },
  each: false,
};

beforeEach(() => vi.stubGlobal("Worker", FakeWorker));
afterEach(() => vi.unstubAllGlobals());

/** A decoder that has decoded the first sample, and from now on has its worker do so. */
async function begun(): Promise<Decoder> {
  const decoder = new Decoder(startWorker);
  await decoder.decode(SAMPLE);
  return decoder;
}

test("the page decodes the first sample itself, and starts the worker for the second", async () => {
  const start = vi.fn(startWorker);
  const decoder = new Decoder(start);
  expect(await decoder.decode(SAMPLE)).toBe("original");
  expect(start).not.toHaveBeenCalled();
  void decoder.decode(SAMPLE);
  void decoder.decode(SAMPLE);
  expect(start).toHaveBeenCalledTimes(1);
  expect(FakeWorker.last.asked).toHaveLength(2);
});

test("a large first sample is the worker's, too", () => {
  void new Decoder(startWorker).decode({
    ...SAMPLE,
    picture: { width: 1024, height: 512, channels: 3 },
  });
  expect(FakeWorker.last.asked).toHaveLength(1);
});

test("answers reach those who asked, in whatever order they come", async () => {
  const decoder = await begun();
  const pairs = [decoder.decode(SAMPLE), decoder.decode(SAMPLE)];
  FakeWorker.last.answer(1);
  FakeWorker.last.answer(0);
  expect(await Promise.all(pairs)).toEqual([Uint16Array.of(0), Uint16Array.of(1)]);
});

test("the worker is sent the sample's pictures and not all that came with them", async () => {
  void (await begun()).decode(SAMPLE);
  const [question] = FakeWorker.last.asked;
  expect(question?.stored.map((picture) => picture.buffer.byteLength)).toEqual([1, 2]);
});

test("when the worker fails, the page decodes what it still owes, and all that follows", async () => {
  const decoder = await begun();
  const owed = decoder.decode(SAMPLE);
  FakeWorker.last.onerror({ preventDefault: () => {} });
  expect(await owed).toBe("original");
  expect(await decoder.decode(SAMPLE)).toBe("original");
  expect(FakeWorker.last.asked).toHaveLength(1);
});

test("where there are no workers, the page decodes", async () => {
  vi.stubGlobal("Worker", undefined);
  const decoder = await begun();
  expect(await decoder.decode(SAMPLE)).toBe("original");
});

test("of an attack with a picture an epsilon, a damaged one is told from the original", async () => {
  vi.stubGlobal("Worker", undefined);
  const [original, adversarial] = SAMPLE.stored.map(checksum);
  const damaged = { ...SAMPLE, checksums: [original, 0] as [number, number] };
  expect(await new Decoder(startWorker).decode({ ...damaged, each: true })).toBe("adversarial");
  expect(await new Decoder(startWorker).decode(damaged)).toBe("direction");
  expect(
    await new Decoder(startWorker).decode({
      ...SAMPLE,
      each: true,
      checksums: [0, adversarial ?? 0],
    }),
  ).toBe("original");
});
