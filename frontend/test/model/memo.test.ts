import { expect, test } from "vitest";
import { Memo } from "../../src/model/memo";

test("what was made is kept while what it is made of is the same, and no longer", () => {
  const memo = new Memo<object>();
  const list = [1];
  const first = memo.get([list, 2], () => ({}));
  expect(memo.get([list, 2], () => ({}))).toBe(first);
  const second = memo.get([[1], 2], () => ({}));
  expect(second).not.toBe(first);
  expect(memo.get([list, 2], () => ({}))).not.toBe(first);
});
