import { expect, test } from "vitest";
import { english } from "../../src/i18n/english";
import { korean } from "../../src/i18n/korean";
import { pickLanguage, speech } from "../../src/i18n/words";

const WORDS = { en: english, ko: korean };

const keys = Object.keys(WORDS.en) as (keyof typeof WORDS.en)[];

test("every text exists in both languages", () => {
  expect(Object.keys(WORDS.ko)).toEqual(keys);
});

/** A text as it stands on the page, with example values where it has any. */
function shown(text: unknown): string {
  const said = typeof text === "function" ? text("⟨1⟩", "⟨2⟩", "⟨3⟩", "⟨4⟩") : text;
  return typeof said === "object" && "text" in said ? said.text : String(said);
}

test.each(keys)("%s says something in both, and with the same values", (key) => {
  const english = shown(WORDS.en[key]);
  const korean = shown(WORDS.ko[key]);
  expect(english.trim()).not.toBe("");
  expect(korean.trim()).not.toBe("");
  const values = (text: string) => [...new Set(text.match(/⟨\d⟩/g))].sort();
  expect(values(korean)).toEqual(values(english));
});

test("the language is the chosen one, else the browser's, else English", () => {
  expect(pickLanguage("ko", "en-US")).toBe("ko");
  expect(pickLanguage("en", "ko-KR")).toBe("en");
  expect(pickLanguage(undefined, "ko-KR")).toBe("ko");
  expect(pickLanguage(undefined, "de-DE")).toBe("en");
  expect(pickLanguage("xx", "de-DE")).toBe("en");
});

test("one is not a plural", () => {
  const { samples, stepsKept, anyClass } = WORDS.en;
  expect([samples("1", "1"), samples("1", "2")]).toEqual(["1 of 1 sample", "1 of 2 samples"]);
  expect(stepsKept("1", "1")).toBe("1 of 1 logged step available");
  expect([anyClass("1"), anyClass("7")]).toEqual(["All 1 class", "All 7 classes"]);
});

test.each(["__proto__", "toString", "a-code-of-tomorrow"])(
  "the code %s is its own text",
  (code) => {
    for (const words of Object.values(WORDS)) expect(words.caveat(code)).toBe(code);
  },
);

test("of both languages the one that is spoken is loaded", async () => {
  expect(await speech("en")).toEqual({ language: "en", words: english });
  expect(await speech("ko")).toEqual({ language: "ko", words: korean });
});
