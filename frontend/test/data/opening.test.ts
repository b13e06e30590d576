import { afterEach, beforeEach, expect, test, vi } from "vitest";
import golden from "../../../tests/golden/record.json";
import { fetchOpening, routes } from "../../src/data/api";
import { Library } from "../../src/data/library";
import { opened } from "../../src/data/opening";

const KEY = { run: "a", tag: "fgsm", step: 20 };
const NOTHING_CHOSEN = { run: null, tag: null, step: null };
const LISTING = { kept: 50, runs: [{ run: "a", tags: ["fgsm"] }] };
const STEPS = [{ step: 20, wall_time: 1 }];
const ALL = { ...LISTING, ...KEY, steps: STEPS, record: golden, pictures: ["AQI=", "Aw=="] };

let asked: string[];
let answer: object | null;

/** A server that says the same by its single routes, but for pictures, which are others. */
beforeEach(() => {
  asked = [];
  answer = ALL;
  vi.stubGlobal("fetch", async (address: string) => {
    const { pathname, search } = new URL(address);
    const route = pathname.split("/").at(-1) ?? "";
    asked.push(`${route}${search === "?" ? "" : search}`);
    if (route === "opening") {
      return answer ? Response.json(answer) : new Response("no", { status: 404 });
    }
    if (route === "runs") return Response.json(LISTING);
    if (route === "steps") return Response.json({ steps: STEPS });
    if (route === "record") return Response.json(golden);
    return new Response(Uint8Array.from([1, 0, 0, 0, 9, 1, 0, 0, 0, 9]));
  });
});

afterEach(() => vi.unstubAllGlobals());

const source = (chosen: Parameters<typeof fetchOpening>[0] = NOTHING_CHOSEN) =>
  opened(routes, fetchOpening(chosen));
const { signal } = new AbortController();
const bytes = (pictures: Uint8Array[][]) => pictures.map((each) => each.map((one) => [...one]));

test("one question answers all that is shown first", async () => {
  const first = source();
  expect((await first.listing()).runs).toEqual(LISTING.runs);
  expect(await first.steps("a", "fgsm")).toEqual(STEPS);
  expect((await first.record(KEY)).record).toEqual(golden);
  expect(bytes(await first.pictures(KEY, [0], 2, signal))).toEqual([[[1, 2], [3]]]);
  expect(asked).toEqual(["opening"]);
});

test("what is asked again is asked anew", async () => {
  const first = source();
  for (const _ of [1, 2]) {
    await first.listing();
    await first.steps("a", "fgsm");
    await first.record(KEY);
    await first.pictures(KEY, [0], 2, signal);
  }
  expect(asked.map((each) => each.split("?")[0])).toEqual([
    ...["opening", "runs", "steps", "record", "pictures"],
  ]);
});

test("what is chosen is named, and what the answer is not of is asked by its own route", async () => {
  const first = source({ run: "b c", tag: null, step: 7 });
  await first.listing();
  await first.steps("b c", "fgsm");
  await first.record({ ...KEY, step: 7 });
  await first.pictures({ ...KEY, step: 7 }, [0], 2, signal);
  expect(asked).toEqual([
    "opening?run=b+c&step=7",
    "steps?run=b+c&tag=fgsm",
    "record?run=a&tag=fgsm&step=7",
    "pictures?run=a&tag=fgsm&step=7&samples=0&each=2",
  ]);
});

test.each([
  { step: -3, asked: "opening?step=0" },
  { step: 1.5, asked: "opening?step=1" },
  { step: Number.POSITIVE_INFINITY, asked: "opening?step=9007199254740991" },
])("a step that is none, $step, is no reason to refuse the answer", async (said) => {
  await source({ ...NOTHING_CHOSEN, step: said.step }).listing();
  expect(asked).toEqual([said.asked]);
});

test.each([
  { samples: [1], each: 2 },
  { samples: [0, 1], each: 2 },
  { samples: [0], each: 3 },
])("pictures of others, $samples with $each of each, are asked for", async ({ samples, each }) => {
  await source().pictures(KEY, samples, each, signal);
  expect(asked).toHaveLength(2);
});

test("parts that the answer leaves out are asked for", async () => {
  answer = LISTING;
  const first = source();
  await first.listing();
  await first.steps("a", "fgsm");
  await first.record(KEY);
  expect(asked.slice(1)).toEqual(["steps?run=a&tag=fgsm", "record?run=a&tag=fgsm&step=20"]);
});

test("without an answer all is asked for as always", async () => {
  answer = null;
  const first = source();
  expect(await first.listing()).toEqual(LISTING);
  expect(asked).toEqual(["opening", "runs"]);
});

test("the library asks for nothing that the answer holds", async () => {
  const wish = { tag: "fgsm", runs: ["a"], step: Number.POSITIVE_INFINITY, others: [] };
  const library: Library = new Library(
    source(),
    () => (library.listing ? wish : null),
    () => {},
  );
  await library.load();
  expect(library.show("a", "fgsm", 20)).toMatchObject({ step: 20, record: golden });
  expect(asked).toEqual(["opening"]);
});
