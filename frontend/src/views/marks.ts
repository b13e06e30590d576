import type { Mark } from "../model/selection";

/** Adds a point in the shape of a run's mark to a path, as large as a circle of this radius. */
export function addMark(path: Path2D, mark: Mark, x: number, y: number, radius: number): void {
  if (mark === "circle") {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  const side = 0.93 * radius;
  if (mark === "square") {
    path.rect(x - side, y - side, 2 * side, 2 * side);
    return;
  }
  const reach = side * Math.SQRT2;
  path.moveTo(x, y - reach);
  path.lineTo(x + reach, y);
  path.lineTo(x, y + reach);
  path.lineTo(x - reach, y);
  path.closePath();
}
