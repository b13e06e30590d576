import type { Axis } from "../model/axis";
import { tickLabel } from "../model/format";
import { textWidth } from "./text-width";

/** The least room between two labels, and their size, in CSS pixels. */
const GAP = 6;
const SIZE = 11;

/**
 * The labels of an axis of this width; one that would touch another gives way and is empty, crooked
 * numbers first and the one of the current epsilon never.
 *
 * @param current the place of the current epsilon among the ticks; -1 where it is on none
 */
export function axisLabels(
  { place, decimals }: Axis,
  ticks: readonly number[],
  current: number,
  width: number,
): string[] {
  const texts = ticks.map((tick) => tickLabel(tick, decimals));
  const reach = texts.map((text) => (textWidth(text, SIZE) + GAP) / 2);
  const x = ticks.map((tick) => place(tick) * width);
  const crookedness = (i: number) => {
    if (i === current) return -1;
    return i === 0 || i === ticks.length - 1 ? 0 : (texts[i]?.length ?? 0);
  };
  const order = [...ticks.keys()].sort((a, b) => crookedness(a) - crookedness(b));
  const labelled: number[] = [];
  for (const i of order) {
    const free = labelled.every(
      (j) =>
        Math.abs((x[i] as number) - (x[j] as number)) >=
        (reach[i] as number) + (reach[j] as number),
    );
    if (free) labelled.push(i);
  }
  return texts.map((text, i) => (labelled.includes(i) ? text : ""));
}
