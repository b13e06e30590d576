import type uPlot from "uplot";
import { accuracyAt } from "../model/training";
import type { RunView } from "../store";

/** What the focused run's accuracy is to be compared with, drawn dashed in its colour. */
interface Comparison {
  readonly name: "randomNoise" | "plainFgsm";
  readonly colour: string;
  readonly dash: number[];
  readonly accuracies: (epsilon: number) => number | null;
}

export function comparisons(run: RunView | undefined): Comparison[] {
  const { record, colour } = run ?? {};
  if (!record || !colour) return [];
  const kinds = [
    ["randomNoise", [5, 4], record.control_accuracy],
    ["plainFgsm", [1.5, 3], record.reference_accuracy],
  ] as const;
  return kinds.flatMap(([name, dash, logged]) => {
    if (!logged) return [];
    const curve = { ...record, robust_accuracy: logged };
    const accuracies = (epsilon: number) => accuracyAt(curve, epsilon);
    return [{ name, colour, dash: [...dash], accuracies }];
  });
}

export function dashed(colour: string, dash: number[]): uPlot.Series {
  return { stroke: colour, width: 1.5, dash, spanGaps: true, points: { show: false } };
}

export function series(run: RunView, colour: string): uPlot.Series {
  return {
    stroke: colour,
    width: run.focused ? 2 : 1.5,
    spanGaps: true,
    points: { show: true, size: 6, width: 0, fill: colour },
  };
}
