import { describe, expect, test } from "vitest";

const SOURCES = import.meta.glob<string>("../src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** What a file imports of ours, types apart: they cost nothing and bind nothing. */
function imports(file: string): string[] {
  const text = SOURCES[`../src/${file}`];
  if (text === undefined) throw new Error(`there is no ${file}`);
  const statements = text.matchAll(/^import\s+(?!type\b)([^;]*?)from\s+"(\.[^"]*)"/gm);
  return [...statements]
    .filter(([, names = ""]) => !/^\{(\s*type \w+,?)*\s*\}\s*$/.test(names))
    .map(([, , path = ""]) => path.replace(/^\.+\//, ""));
}

const views = Object.keys(SOURCES)
  .map((path) => path.replace("../src/", ""))
  .filter((path) => path.startsWith("views/"));

describe("imports run one way: views, store, state, api", () => {
  test.each(["pixels.ts", "host.ts", "format.ts", "english.ts", "lru.ts", "memo.ts", "heat.ts"])(
    "%s stands alone",
    (file) => {
      expect(imports(file)).toEqual([]);
    },
  );

  test.each(views)("%s neither fetches nor talks to TensorBoard", (file) => {
    const outside = ["api", "host", "library", "curves", "decoder", "pictures", "store"];
    expect(imports(file).filter((path) => outside.includes(path))).toEqual([]);
  });

  test.each(["state.ts", "samples.ts"])("%s only derives", (file) => {
    expect(imports(file)).toEqual([]);
  });

  test("the words are those of the languages", () => {
    expect(imports("words.ts")).toEqual(["english", "korean"]);
    expect(imports("korean.ts")).toEqual([]);
  });

  test("classes.ts derives from the samples", () => {
    expect(imports("classes.ts")).toEqual(["samples"]);
  });

  test.each(["api.ts", "library.ts", "curves.ts", "decoder.ts", "pictures.ts", "store.ts"])(
    "%s knows no view",
    (file) => {
      expect(imports(file).filter((path) => path.startsWith("views/"))).toEqual([]);
    },
  );

  test("the worker is little more than the decoding and its arithmetic", () => {
    expect(imports("worker.ts")).toEqual(["decode"]);
    expect(imports("decode.ts")).toEqual(["pixels"]);
    expect(imports("decoder.ts")).toEqual(["decode"]);
  });
});
