// The shapes of a line's points. Pure functions.

import type { Mark } from "./selection";

/** A point in the shape of a run's mark, as large as a circle of this radius: an SVG path. */
export function markPath(mark: Mark, x: number, y: number, radius: number): string {
  if (mark === "circle") {
    const half = (way: number) => `a${radius} ${radius} 0 1 0 ${way * 2 * radius} 0`;
    return `M${x - radius} ${y}${half(1)}${half(-1)}z`;
  }
  const side = 0.93 * radius;
  if (mark === "square") {
    return `M${x - side} ${y - side}h${2 * side}v${2 * side}h${-2 * side}z`;
  }
  const reach = side * Math.SQRT2;
  return `M${x} ${y - reach}l${reach} ${reach}l${-reach} ${reach}l${-reach} ${-reach}z`;
}
