import { expect, test } from "vitest";
import { fileName } from "../../src/model/file-name";

const SAVED = { what: "noise", run: "nets/standard", tag: "fgsm/photos", step: 50 };

test("a file is named after run, tag, step, sample and epsilon", () => {
  expect(fileName({ ...SAVED, sample: 7, epsilon: 4 / 255 }, "png")).toBe(
    "nets-standard_fgsm-photos_step-50_sample-7_epsilon-4-of-255_noise.png",
  );
});

test("what is not of one sample or epsilon is named without", () => {
  expect(fileName({ ...SAVED, what: "samples" }, "csv")).toBe(
    "nets-standard_fgsm-photos_step-50_samples.csv",
  );
  expect(fileName({ ...SAVED, run: "." }, "png")).toBe("fgsm-photos_step-50_noise.png");
});

test("no letter is left that a file system or a shell takes for more than a letter", () => {
  const name = fileName(
    { what: "a b", run: '../..\\x:*?"<>|$`;\n', tag: "실행/1 (2)\u202e", step: -1 },
    "png",
  );
  expect(name).toBe("x_실행-1-2_step--1_a-b.png");
});

test("of a long name the end stays, and the file's name is one that can be written", () => {
  const name = fileName(
    {
      ...SAVED,
      run: `${"한".repeat(300)}/end`,
      tag: "글".repeat(300),
      sample: 1e6,
      epsilon: 0.001,
    },
    "png",
  );
  expect(name).toContain("한-end_글");
  expect(new TextEncoder().encode(name).length).toBeLessThan(255);
});
