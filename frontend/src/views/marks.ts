import { markPath } from "../model/marks";
import type { Mark } from "../model/selection";

/** Adds a point in the shape of a run's mark to a path, as large as a circle of this radius. */
export function addMark(path: Path2D, mark: Mark, x: number, y: number, radius: number): void {
  path.addPath(new Path2D(markPath(mark, x, y, radius)));
}
