import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { routes } from "../../src/data/api";
import { Curves, type Training } from "../../src/data/curves";
import type { Step } from "../../src/model/run";

const STEPS: readonly Step[] = Array.from({ length: 40 }, (_, i) => ({
  step: 10 * i,
  wall_time: i,
}));
const TRAINING: Training = { run: "a", tag: "fgsm", steps: [...STEPS].reverse() };

let asked: string[];
let free: boolean;
let changes: number;
let answer: (steps: number[]) => Response | Promise<Response>;
let curves: Curves;

beforeEach(() => {
  asked = [];
  free = true;
  changes = 0;
  answer = (steps) => Response.json({ curves: steps.map((step) => ({ step, epsilons: [0.1] })) });
  vi.stubGlobal("fetch", async (address: string) => {
    const { searchParams } = new URL(address);
    asked.push(searchParams.get("steps") ?? "");
    return answer((searchParams.get("steps") ?? "").split(",").map(Number));
  });
  curves = new Curves(
    routes,
    () => free,
    () => {
      changes += 1;
    },
  );
});

afterEach(() => vi.unstubAllGlobals());

const idle = () => vi.waitUntil(() => curves.idle);
const get = (place: number, run = "a") => curves.get(run, "fgsm", STEPS[place] as Step);

test("curves come some at a time, the most urgent first, and each is told", async () => {
  curves.want(TRAINING);
  await idle();
  expect(asked.map((steps) => steps.split(",").length)).toEqual([16, 16, 8]);
  expect(asked[0]?.startsWith("390,380,370,")).toBe(true);
  expect(changes).toBeGreaterThanOrEqual(3);
  expect(STEPS.map((_, i) => get(i))).toEqual(STEPS.map(({ step }) => ({ step, epsilons: [0.1] })));
});

test("what is here is not asked for again, also not for a new wish", async () => {
  curves.want(TRAINING);
  await idle();
  const more = { step: 400, wall_time: 7 };
  curves.want({ ...TRAINING, steps: [more, ...STEPS] });
  await idle();
  expect(asked.slice(3)).toEqual(["400"]);
});

test("a step that was written anew is another", async () => {
  curves.want(TRAINING);
  await idle();
  curves.want({ ...TRAINING, steps: [{ step: 0, wall_time: 99 }] });
  await idle();
  expect(asked.at(-1)).toBe("0");
});

test("they wait while there is something more urgent", async () => {
  free = false;
  curves.want(TRAINING);
  await Promise.resolve();
  expect(asked).toEqual([]);
  expect(curves.idle).toBe(false);
  free = true;
  curves.want(TRAINING);
  await idle();
  expect(asked).toHaveLength(3);
});

test("nothing is fetched that nobody looks at", async () => {
  curves.want(null);
  await idle();
  expect(asked).toEqual([]);
});

test("a step that cannot be read is named, and the others are here", async () => {
  answer = (steps) =>
    Response.json({
      curves: steps.map((step) =>
        step === 390 ? { step, wall_time: 0, error: "damaged" } : { step, epsilons: [0.1] },
      ),
    });
  curves.want(TRAINING);
  await idle();
  expect(get(39)).toMatchObject({ status: 422, message: "damaged" });
  expect(get(38)).toMatchObject({ step: 380 });
});

test("a request that fails is told for its steps, and asked anew when tried again", async () => {
  const well = answer;
  answer = () => new Response("gone", { status: 404, headers: { "content-type": "text/plain" } });
  curves.want(TRAINING);
  await idle();
  expect(get(0)).toMatchObject({ status: 404, message: "gone" });
  expect(asked).toHaveLength(3);
  answer = well;
  curves.retry();
  curves.want(TRAINING);
  await idle();
  expect(get(0)).toMatchObject({ step: 0 });
});
