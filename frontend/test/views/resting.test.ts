import type { LitElement } from "lit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Slots } from "../../src/model/slots";
import { Resting } from "../../src/views/resting";
import type { Sight } from "../../src/views/sight";

/** A grid of which three cards lie in no order after it was scrolled, and the times it was rendered. */
function scrolled(cards: readonly string[]) {
  const slots = new Slots();
  slots.show([0, 1, 2]);
  slots.keep([1, 2, 3]);
  const grid = {
    isConnected: true,
    matches: () => false,
    renderRoot: { querySelector: (name: string) => cards.find((each) => each === name) ?? null },
    rendered: 0,
    // Whenever it is rendered, it waits until it has come to rest.
    requestUpdate: () => {
      grid.rendered++;
      resting.wait();
    },
  };
  const sight = { focused: null } as unknown as Sight;
  const resting = new Resting(grid as unknown as LitElement, sight, slots);
  resting.wait();
  return { grid, slots };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a grid whose cards are in no order is rendered until they are", () => {
  const { grid, slots } = scrolled([".cards"]);
  vi.advanceTimersByTime(500);
  expect(grid.rendered).toBe(2);
  slots.show([1, 2, 3]);
  vi.advanceTimersByTime(5000);
  expect(grid.rendered).toBe(3);
});

test("one without cards is not rendered for their order, nor is one that is gone", () => {
  const { grid } = scrolled([]);
  vi.advanceTimersByTime(5000);
  expect(grid.rendered).toBe(0);
  const left = scrolled([".cards"]).grid;
  left.isConnected = false;
  vi.advanceTimersByTime(5000);
  expect(left.rendered).toBe(0);
});
