import { expect, test, vi } from "vitest";
import { keyTarget } from "../../src/views/keys";

function press(key: string, others: Partial<KeyboardEvent> = {}) {
  const preventDefault = vi.fn();
  const event = { key, preventDefault, ...others } as unknown as KeyboardEvent;
  const target = keyTarget(event, { Home: 0, End: 9 });
  return { target, prevented: preventDefault.mock.calls.length > 0 };
}

test("a key that stands for something, 0 too, is taken from the browser", () => {
  expect(press("End")).toEqual({ target: 9, prevented: true });
  expect(press("Home")).toEqual({ target: 0, prevented: true });
});

test("another key is the browser's, and any together with Ctrl, Alt or Meta", () => {
  expect(press("a")).toEqual({ target: undefined, prevented: false });
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) {
    expect(press("End", { [modifier]: true })).toEqual({ target: undefined, prevented: false });
  }
});
