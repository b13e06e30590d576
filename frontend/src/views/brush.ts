import type { Axis } from "../model/axis";
import { rangeBetween } from "../model/ranges";
import type { Range } from "../model/samples";

/** From how many pixels on a pressed pointer drags, and how near to a tick an end is drawn to it. */
const MOVED = 4;
const SNAP = 6;

/**
 * Follows a pointer that was pressed on the plot until it lets go.
 *
 * @param over the plot, which gets the pointer's events
 * @param drawn is called with the range dragged so far
 * @param done is called at the end, with null where the pointer hardly moved
 */
export function brush(
  event: PointerEvent,
  over: HTMLElement,
  axis: Axis,
  drawn: (range: Range | null) => void,
  done: (range: Range | null) => void,
): void {
  const { left, width } = over.getBoundingClientRect();
  const place = (x: number) => (x - left) / width;
  const ending = new AbortController();
  const { signal } = ending;
  let range: Range | null = null;
  event.preventDefault();
  over.setPointerCapture(event.pointerId);
  over.addEventListener(
    "pointermove",
    ({ clientX }) => {
      if (range === null && Math.abs(clientX - event.clientX) < MOVED) return;
      range = rangeBetween(axis, place(event.clientX), place(clientX), SNAP / width);
      drawn(range);
    },
    { signal },
  );
  const end = (finished: boolean) => {
    ending.abort();
    drawn(null);
    if (finished) done(range);
  };
  over.addEventListener("pointerup", () => end(true), { signal });
  over.addEventListener("lostpointercapture", () => end(false), { signal });
}
