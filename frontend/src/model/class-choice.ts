// Which of many classes a reader means who types a part of a name, or a number. Pure functions.

import type { Namer } from "./samples";

/** The classes, by their number, whose name contains the text or whose number begins with it. */
export function matchClasses(classes: readonly number[], text: string, named: Namer): number[] {
  const wanted = text.trim().toLowerCase();
  return classes
    .filter(
      (label) =>
        wanted === "" ||
        String(label).startsWith(wanted) ||
        named(label).toLowerCase().includes(wanted),
    )
    .sort((a, b) => a - b);
}

/** The classes that can be chosen: those that samples have, and the chosen one whether or not. */
export function offered(
  counts: ReadonlyMap<number, number>,
  chosen: number | null,
): readonly number[] {
  const classes = [...counts.keys()];
  if (chosen !== null && !counts.has(chosen)) classes.push(chosen);
  return classes;
}
