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
  test.each([
    "model/pixels.ts",
    "host.ts",
    "model/format.ts",
    "i18n/english.ts",
    "data/lru.ts",
    "model/memo.ts",
    "model/training.ts",
  ])("%s stands alone", (file) => {
    expect(imports(file)).toEqual([]);
  });

  test.each(views)("%s neither fetches nor talks to TensorBoard", (file) => {
    const outside = /^(data\/|host$|store$)/;
    expect(imports(file).filter((path) => outside.test(path))).toEqual([]);
  });

  test.each(["model/selection.ts", "model/samples.ts"])("%s only derives", (file) => {
    expect(imports(file)).toEqual([]);
  });

  test("the words are those of the languages", () => {
    expect(imports("i18n/words.ts")).toEqual(["english", "korean"]);
    expect(imports("i18n/korean.ts")).toEqual([]);
  });

  test("classes.ts derives from the samples", () => {
    expect(imports("model/classes.ts")).toEqual(["samples"]);
  });

  test.each([
    "data/api.ts",
    "data/library.ts",
    "data/curves.ts",
    "data/decoder.ts",
    "data/pictures.ts",
    "store.ts",
  ])("%s knows no view", (file) => {
    expect(imports(file).filter((path) => path.startsWith("views/"))).toEqual([]);
  });

  test("the worker is little more than the decoding and its arithmetic", () => {
    expect(imports("data/worker.ts")).toEqual(["webp"]);
    expect(imports("data/webp.ts")).toEqual(["model/pixels"]);
    expect(imports("data/decoder.ts")).toEqual(["webp"]);
  });
});
