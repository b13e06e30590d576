import { expect, test } from "vitest";
import { beside } from "../../src/views/tip";

test("a tip lies on that side of what it tells of on which the plot's middle is", () => {
  expect(beside(40, 100, 14)).toBe("left: 54px");
  expect(beside(160, 100, 14)).toBe("right: calc(100% - 146px)");
});
