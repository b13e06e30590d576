import { expect, test } from "vitest";
import { english } from "../../src/i18n/english";
import { korean } from "../../src/i18n/korean";
import { climbed, climbPoints, sharePoints } from "../../src/model/climb";
import { climbText } from "../../src/views/climb";

const SOUND = [-5.0, -1.7, 1.3, 4.1, 6.4, 7.2, 7.6, 7.9, 8.0, 8.1, 8.1];
const STRAIGHT = Array.from({ length: 11 }, (_, k) => k);

test("a loss has levelled off from where 95 % of its rise are made for good", () => {
  expect(climbed(SOUND)).toMatchObject({ steps: 10, level: 6, last: 2 });
  const dipping = [0, 9.9, 5, 9.8, 10, 10, 10, 10, 10];
  expect(climbed(dipping)).toMatchObject({ level: 3 });
});

test("one that still rises half as fast as on the whole way has not", () => {
  expect(climbed(STRAIGHT)).toEqual({ steps: 10, level: null, last: 2, late: 0.2 });
  expect(climbed([0, 1, 2])?.level).toBeNull();
  const slower = [0, 5, 8, 9, 9.2]; // of four steps the last one: 2 % of the rise
  expect(climbed(slower)?.level).toBe(3);
});

test.each([[[1, 1, 1]], [[3, 2, 1]]])("one that has not risen is told so: %j", (losses) => {
  expect(climbed(losses)).toBeNull();
  expect(climbText("BIM", losses, english)).toBe("BIM's loss has not risen");
});

test("the sentence is in both languages", () => {
  expect(climbText("PGD", SOUND, english)).toBe("PGD has levelled off after 6 of 10 steps");
  const rises = "PGD still rises: the last 2 of 10 steps bring 20\u00a0% of the loss";
  expect(climbText("PGD", STRAIGHT, english)).toBe(rises);
  expect(climbText("PGD", SOUND, korean)).toBe("PGD: 10스텝 중 6스텝 만에 더는 오르지 않음");
});

test("the line fills its box, and one that does not rise lies at its foot", () => {
  expect(climbPoints([0, 1, 2], 10, 4)).toBe("0.0,4.0 5.0,2.0 10.0,0.0");
  expect(climbPoints([7, 7, 7], 10, 4)).toBe("0.0,4.0 5.0,4.0 10.0,4.0");
});

test("a line of shares keeps its scale from 0 to 1", () => {
  expect(sharePoints([1, 0.75, 0.5], 10, 4)).toBe("0.0,0.0 5.0,1.0 10.0,2.0");
  expect(sharePoints([0, 0, 0], 10, 4)).toBe("0.0,4.0 5.0,4.0 10.0,4.0");
});
