import { expect, test } from "vitest";
import python from "../../../tensorboard_fgsm/attack/caveats.py?raw";
import { english } from "../../src/i18n/english";
import { korean } from "../../src/i18n/korean";
import { koreanCaveat } from "../../src/i18n/korean-caveats";

const WORDS = { en: english, ko: korean };

/** What the logger says, by code: its f-strings with a value in each place that has one. */
function sentences(): [string, string][] {
  const source = python.replaceAll(/"\n\s+f?"/g, "");
  const found = source.matchAll(/Caveat\(\s+"([a-z-]+)",\s+f?"(.+)",\n/g);
  let next = 0;
  const value = (name: string) => {
    if (name === "are" || name === "reason" || name === "whose") {
      return { are: "may be", reason: "more steps may be needed", whose: "model" }[name];
    }
    next += 1;
    return name.startsWith("_") || name === "as_strong" ? `${next}.5/255` : String(100 + next);
  };
  return [...found].map(([, code = "", text = ""]) => [
    code,
    text.replaceAll(/\{([^{}]+)\}/g, (_: string, name: string) => value(name)),
  ]);
}

test("every warning of the logger is looked at", () => {
  expect(sentences().map(([code]) => code)).toHaveLength(20);
});

test.each(sentences())(
  "%s has a title and a sentence in Korean, with all its numbers",
  (code, english) => {
    expect(WORDS.en.caveat(code)).not.toBe(code);
    expect(WORDS.ko.caveat(code)).toMatch(/[가-힣]/);
    const korean = koreanCaveat(code, english);
    expect(korean).toMatch(/[가-힣]/);
    const numbers = (text: string | null) =>
      [...new Set(text?.match(/\d+(\.\d+)?/g))].filter((number) => Number(number) > 8);
    expect(numbers(korean).sort()).toEqual(numbers(english).sort());
  },
);

test("a single step that overshoots is told apart", () => {
  const rises = (reason: string) =>
    koreanCaveat(
      "rises",
      `the accuracy rises from 10.0 % at 1/255 to 20.0 % at 2/255: ${reason}, or gradients are masked`,
    );
  expect(rises("a large single step may simply overshoot")).toContain("지나쳤거나");
  // As older records say it.
  expect(rises("a single step may overshoot honestly")).toContain("지나쳤거나");
  expect(rises("more steps may be needed")).toContain("스텝이 더 필요하거나");
});

test("what a later logger says stands as it is, and is marked as English", () => {
  expect(koreanCaveat("unheard-of", "a sentence")).toBeNull();
  expect(WORDS.ko.caveatSentence("rises", "otherwise")).toEqual({ text: "otherwise", lang: "en" });
});
