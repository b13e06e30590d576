import { expect, test } from "vitest";
import { shortNames } from "../../src/model/names";

test("of long names, what all begin and end with is cut at separators", () => {
  const name = (rate: string) => `sweep/2026-11-25/resnet18-lr=${rate}-seed=0-does-not-fit`;
  const short = shortNames(["0.1", "0.01", "0.001"].map(name));
  expect([...short.values()]).toEqual(["…0.1…", "…0.01…", "…0.001…"]);
  expect(short.get(name("0.01"))).toBe("…0.01…");
});

test("short names, one alone and names with nothing in common stay as they are", () => {
  for (const names of [
    ["photos/standard", "photos/robust"],
    ["sweep/2026-11-25/resnet18-lr=0.1"],
    ["a long name that begins so", "another that begins otherwise"],
  ]) {
    expect([...shortNames(names).values()]).toEqual(names);
  }
});

test("no name is cut to nothing", () => {
  const names = ["sweep/2026-11-25/resnet18/", "sweep/2026-11-25/resnet18/again"];
  expect([...shortNames(names).values()]).toEqual(names);
});

test("a word is not cut in the middle", () => {
  const names = ["experiments/robust-one-with-noise", "experiments/rotated-one-with-noise"];
  expect([...shortNames(names).values()]).toEqual(["…robust…", "…rotated…"]);
});
