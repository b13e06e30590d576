import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import golden from "../../../tests/golden/record.json";
import { routes } from "../../src/data/api";
import { Library, type Wish } from "../../src/data/library";

/** A server with some steps a run, whose answers wait until they are let go. */
class Server {
  readonly asked: string[] = [];
  readonly steps = new Map<string, number[]>();
  readonly broken = new Set<string>();
  patient = false;
  #waiting: (() => void)[] = [];

  readonly fetch = async (address: string): Promise<Response> => {
    const { pathname, searchParams } = new URL(address);
    const route = pathname.split("/").at(-1) ?? "";
    const name = [route, ...["run", "step"].flatMap((key) => searchParams.get(key) ?? [])].join(
      " ",
    );
    this.asked.push(name);
    if (this.patient) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.broken.has(name)) {
      return new Response(`${name} is damaged`, {
        status: 422,
        headers: { "content-type": "text/plain" },
      });
    }
    if (route === "runs") {
      const runs = [...this.steps.keys()].map((run) => ({ run, tags: ["fgsm"] }));
      return Response.json({ kept: 50, runs });
    }
    if (route === "steps") {
      const steps = this.steps.get(searchParams.get("run") ?? "") ?? [];
      return Response.json({ steps: steps.map((step) => ({ step, wall_time: step })) });
    }
    return Response.json({ ...golden, logged: Number(searchParams.get("step")) + 1 });
  };

  letGo(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

let server: Server;
let wish: Wish | null;
let library: Library;

beforeEach(() => {
  server = new Server();
  server.steps.set("a", [0, 10, 20]).set("b", [5, 20]);
  vi.stubGlobal("fetch", server.fetch);
  wish = { tag: "fgsm", runs: ["a", "b"], step: 20, others: [] };
  library = new Library(
    routes,
    () => (library.listing ? wish : null),
    () => {},
  );
});

afterEach(() => vi.unstubAllGlobals());

const idle = () => vi.waitUntil(() => library.idle);
const shownStep = (run: string, wanted: number) => library.show(run, "fgsm", wanted).step;

test("all of the most urgent run comes before anything of the others", async () => {
  server.steps.set("c", [0]);
  wish = { tag: "fgsm", runs: ["b", "a", "c"], step: Number.POSITIVE_INFINITY, others: [] };
  await library.load();
  expect(server.asked.slice(0, 3)).toEqual(["runs", "steps b", "record b 20"]);
  expect(server.asked.slice(3)).toEqual(["steps a", "steps c", "record a 20", "record c 0"]);
});

test("a run's steps are known when they have come, or cannot be had", async () => {
  server.broken.add("steps b");
  expect(library.stepped("a", "fgsm")).toBe(false);
  await library.load();
  expect(["a", "b", "c"].map((run) => library.stepped(run, "fgsm"))).toEqual([true, true, false]);
});

test("the step before the one shown is the run's own", async () => {
  await library.load();
  const before = (run: string, wanted: number) => library.show(run, "fgsm", wanted).previousStep;
  expect([before("a", 20), before("a", 15), before("a", 0)]).toEqual([10, 0, null]);
  expect([before("b", 20), before("b", 19), before("b", 0)]).toEqual([5, null, null]);
});

test("what is here is not asked for again", async () => {
  await library.load();
  server.asked.length = 0;
  await library.load();
  expect(server.asked).toEqual([]);
});

test("a run without the step shows its nearest earlier one, and nothing before its first", async () => {
  wish = { tag: "fgsm", runs: ["a", "b"], step: 10, others: [] };
  await library.load();
  expect(library.show("b", "fgsm", 10)).toMatchObject({ step: 5, firstStep: 5, keptSteps: 1 });
  expect(library.show("b", "fgsm", 0)).toMatchObject({ step: null, record: null, firstStep: 5 });
});

test("however fast the step moves, no requests queue up", async () => {
  await library.load();
  server.asked.length = 0;
  server.patient = true;
  for (const step of [0, 10, 0, 10, 0]) {
    wish = { tag: "fgsm", runs: ["a"], step, others: [] };
    void library.load();
    await Promise.resolve();
  }
  await vi.waitUntil(() => server.asked.length > 0);
  server.patient = false;
  server.letGo();
  await idle();
  expect(server.asked).toEqual(["record a 0"]);
});

test("an answer that comes when the reader has moved on is kept for later, and not shown", async () => {
  await library.load();
  server.patient = true;
  wish = { tag: "fgsm", runs: ["a"], step: 10, others: [] };
  void library.load();
  await vi.waitUntil(() => server.asked.includes("record a 10"));
  wish = { tag: "fgsm", runs: ["a"], step: 0, others: [] };
  server.letGo();
  await vi.waitUntil(() => server.asked.includes("record a 0"));
  expect(shownStep("a", 0)).toBe(20);
  server.letGo();
  await idle();
  expect(shownStep("a", 0)).toBe(0);
  expect(shownStep("a", 10)).toBe(10);
});

test("while a record is on its way, the last one stands", async () => {
  await library.load();
  server.patient = true;
  wish = { tag: "fgsm", runs: ["a"], step: 10, others: [] };
  void library.load();
  expect(shownStep("a", 10)).toBe(20);
  await vi.waitUntil(() => server.asked.includes("record a 10"));
  server.letGo();
  await idle();
  expect(shownStep("a", 10)).toBe(10);
});

describe("a damaged step", () => {
  beforeEach(async () => {
    server.broken.add("record a 20");
    await library.load();
  });

  test("says the server's sentence, and shows no other step's record", () => {
    const { error, record } = library.show("a", "fgsm", 20);
    expect(error?.message).toBe("record a 20 is damaged");
    expect(record).toBeNull();
  });

  test("leaves other steps and runs as they are, and is not asked for again and again", async () => {
    expect(library.show("b", "fgsm", 20).record).not.toBeNull();
    wish = { tag: "fgsm", runs: ["a", "b"], step: 10, others: [] };
    await library.load();
    expect(library.show("a", "fgsm", 10).record).not.toBeNull();
    expect(server.asked.filter((name) => name === "record a 20")).toHaveLength(1);
  });

  test("is asked for anew by a reload, and is well when it is", async () => {
    server.broken.clear();
    library.reload();
    await idle();
    expect(library.show("a", "fgsm", 20)).toMatchObject({ step: 20, error: null });
  });
});

describe("a reload", () => {
  test("finds new steps and runs, and fetches no record twice", async () => {
    await library.load();
    server.asked.length = 0;
    server.steps.set("a", [0, 10, 20, 30]).set("c", [0]);
    library.reload();
    await idle();
    expect(server.asked).toEqual(["runs", "steps a", "steps b"]);
    expect(library.listing?.runs.map(({ run }) => run)).toEqual(["a", "b", "c"]);
    expect(library.steps("a", "fgsm").map(({ step }) => step)).toEqual([0, 10, 20, 30]);
  });

  test("that fails keeps what is here, and says why", async () => {
    await library.load();
    server.broken.add("runs");
    library.reload();
    await idle();
    expect(library.error?.message).toBe("runs is damaged");
    expect(library.show("a", "fgsm", 20).record).not.toBeNull();
  });
});

describe("what is compared with", () => {
  const others = [0, 20].map((step) => ({ run: "a", tag: "fgsm", step }));

  test("comes after all that is shown, and does not take its place", async () => {
    wish = { tag: "fgsm", runs: ["a", "b"], step: 10, others };
    await library.load();
    expect(server.asked.slice(-2)).toEqual(["record a 0", "record a 20"]);
    expect(shownStep("a", 10)).toBe(10);
    expect(others.map((key) => library.other(key)?.record?.logged)).toEqual([1, 21]);
  });

  test("and cannot be had leaves the others", async () => {
    server.broken.add("record a 0");
    wish = { tag: "fgsm", runs: ["a"], step: 10, others };
    await library.load();
    expect(others.map((key) => library.other(key)?.error?.status)).toEqual([422, undefined]);
    expect(library.other({ run: "c", tag: "fgsm", step: 0 })).toBeNull();
  });
});
