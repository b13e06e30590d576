import { describe, expect, test } from "vitest";
import { mergeHash, parseHash } from "../../src/host";
import { fromAddress, toAddress } from "../../src/model/address";
import { type Selection, UNSELECTED } from "../../src/model/selection";

const CHOSEN: Selection = {
  tag: "fgsm/photos",
  run: "a & b=c %/한국",
  runs: ["a & b=c %/한국", "x,y"],
  step: 12000,
  epsilon: 0.007,
  panel: "training",
  show: "flipped",
  label: 3,
  predicted: 0,
  text: "100% & =,",
  flips: [1e-7, 8 / 255],
  sort: "flip",
  reversed: true,
  spacing: "linear",
  shape: "strip",
  sample: 12,
  noise: 10,
  size: 600,
  trueSize: true,
};

test("a selection comes back from the address as it was", () => {
  const hash = mergeHash("#fgsm", toAddress(CHOSEN));
  expect(fromAddress(parseHash(hash))).toEqual(CHOSEN);
});

test("what is not chosen leaves no trace in the address", () => {
  expect(toAddress(UNSELECTED).size).toBe(0);
  expect(fromAddress(new Map())).toEqual(UNSELECTED);
});

describe("an address typed by hand", () => {
  test.each([
    ["epsilon", "8"],
    ["epsilon", "-1"],
    ["epsilon", "NaN"],
    ["epsilon", ""],
    ["step", "soon"],
    ["class", "-2"],
    ["show", "everything"],
    ["sort", "size"],
    ["axis", "cubic"],
    ["runs", "a,b"],
    ["runs", "7"],
    ["size", "1"],
    ["panel", "loss"],
    ["predicted", "cat"],
    ["shape", "round"],
    ["noise", "7"],
    ["noise", "0"],
    ["trueSize", "1"],
    ["flips", "0.1"],
    ["flips", "0.2..0.1"],
    ["flips", "0..1..1"],
    ["sample", "first"],
  ])("with %s=%s is as if it said nothing of it", (key, value) => {
    expect(fromAddress(new Map([[key, value]]))).toEqual(UNSELECTED);
  });

  test("with a stray % loses that key only", () => {
    const values = parseHash("#fgsm&p.fgsm.run=100%&p.fgsm.tag=fgsm");
    expect([...values]).toEqual([["tag", "fgsm"]]);
  });
});

test("other plugins' keys stay as they are, our old ones go", () => {
  const hash = "#fgsm&p.other.x=1%2C2&p.fgsm.run=old&_smoothing=0.6";
  expect(mergeHash(hash, new Map([["step", "7"]]))).toBe(
    "#fgsm&p.other.x=1%2C2&_smoothing=0.6&p.fgsm.step=7",
  );
});
