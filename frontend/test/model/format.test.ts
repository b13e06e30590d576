import { expect, test } from "vitest";
import {
  bothTexts,
  decimal,
  epsilonText,
  grouped,
  harmless,
  per255,
  percent,
  setting,
  splitName,
  tickLabel,
} from "../../src/model/format";

test.each([
  [0, "0", "0"],
  [0.25 / 255, "0.25", "0.00098"],
  [0.007, "1.79", "0.0070"],
  [8 / 255, "8", "0.0314"],
  [0.3, "76.5", "0.3000"],
  [1, "255", "1.0000"],
])("epsilon %d reads %s/255 or %s", (epsilon, k, text) => {
  expect(per255(epsilon)).toBe(k);
  expect(decimal(epsilon)).toBe(text);
});

test("a tiny epsilon is not written as 0", () => {
  expect(per255(1e-6)).toBe("0.0003");
});

test("the axis and the sentences name an epsilon in the same unit", () => {
  expect(tickLabel(0.5 / 255, false)).toBe("0.5");
  expect(epsilonText(0.5 / 255, false)).toBe("0.5/255");
  expect(tickLabel(0.15, true)).toBe("0.15");
  expect(epsilonText(0.15, true)).toBe("0.15");
});

test("numbers do not break over lines", () => {
  expect(percent(0.0866)).toBe("8.7\u00a0%");
  expect(percent(1, 0)).toBe("100\u00a0%");
  expect(grouped(999)).toBe("999");
  expect(grouped(1234567)).toBe("1,234,567");
});

test("a long name keeps its end whole, and letters are never cut in two", () => {
  const name = `${"x".repeat(200)}/모델🐼lr=0.1`;
  const [head, tail] = splitName(name);
  expect(head + tail).toBe(name);
  expect(tail).toBe("/모델🐼lr=0.1");
  expect(splitName("mnist/standard")).toEqual(["mnist/standard", ""]);
});

test("a setting is as short as it can be", () => {
  expect(setting(2 / 255)).toBe("0.007843");
  expect(setting(1e-12)).toBe("1e-12");
  expect(setting(10)).toBe("10");
  expect(setting(12345)).toBe("12345");
  expect(setting(0.5)).toBe("0.5");
  expect(setting(true)).toBe("true");
  expect(setting("0.25·ε")).toBe("0.25·ε");
});

test("an epsilon is written both ways, first as its axis has it", () => {
  expect(bothTexts(4 / 255, false)).toEqual(["4/255", "0.0157"]);
  expect(bothTexts(0.3, true)).toEqual(["0.3", "76.5/255"]);
});

test("a name that would turn or break the text around it stays within its place", () => {
  expect(harmless("cat\u202etac")).toBe("cat\ufffdtac");
  expect(harmless("\u2067a\nb\u0000\u2069")).toBe("\ufffda\ufffdb\ufffd\ufffd");
  expect(harmless("고양이 <b>&amp; עברית")).toBe("고양이 <b>&amp; עברית");
});
