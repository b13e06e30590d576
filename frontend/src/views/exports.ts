// What makes the files that a reader takes along. It is loaded when the first of them is asked for: who
// only looks need not wait for it.

import { AXIS_WIDTH, chartSvg } from "../model/chart-svg";
import {
  type Cell,
  classTable,
  climbRows,
  csv,
  curveRows,
  predictionRows,
  trainingRows,
  transferRows,
} from "../model/csv";
import { fileName } from "../model/file-name";
import { grouped } from "../model/format";
import { namer } from "../model/samples";
import { type SectionDrawing, sectionSvg } from "../model/section-svg";
import { picturedAt } from "../model/selection";
import type { RunView } from "../store";
import { axisLabels } from "./axis-labels";
import { contactSheet, type Page } from "./contact-sheet";
import { blank, pngOf } from "./figure";
import { textWidth } from "./text-width";
import { page } from "./theme";

export { figurePng, pngOf } from "./figure";
export { drawn, sampleFigure } from "./sample-figure";

/** Which file. */
export type What =
  | "svg"
  | "png"
  | "curve"
  | "classes"
  | "predictions"
  | "training"
  | "transfers"
  | "climb"
  | "sheet";

export interface Made {
  readonly name: string;
  readonly file: Blob;
  /** What the file does not have; empty where it has all. */
  readonly note: string;
}

/**
 * Makes a file.
 *
 * @param told hears how far it is
 * @param signal ends it
 */
export async function make(
  what: What,
  of: Page,
  told: (text: string) => void,
  signal: AbortSignal,
): Promise<Made> {
  const { run, runs, store, words, columns } = of;
  const { tag: chosen, epsilon } = store.view;
  const tag = chosen ?? "";
  const place = { run: run?.name ?? "", tag, step: run?.step ?? 0 };
  const drawn = runs.filter(({ record }) => record);
  const record = run?.record;
  const index = run?.at?.index ?? -1;
  const at = record?.epsilons[index] ?? 0;
  const table = (what: string, rows: Cell[][], more = {}): Made => ({
    name: fileName({ what, ...place, ...more }, "csv"),
    file: new Blob([csv(rows)], { type: "text/csv;charset=utf-8" }),
    note: "",
  });
  if (what === "curve") return table("accuracy", curveRows(drawn, tag));
  if (what === "training") return table(what, trainingRows(place.run, tag, columns));
  if (what === "transfers" && run) return table(what, transferRows(run, tag));
  if (what === "climb" && run) return table(what, climbRows(run, tag));
  if (!run || !record) throw new Error("nothing to save");
  if (what === "classes" || what === "predictions") {
    const rows = what === "classes" ? classTable : predictionRows;
    const named = namer(record, words.unnamedClass);
    return table(what, rows(run, tag, index, named), { epsilon: at });
  }
  if (what === "sheet") {
    const shown = picturedAt(record, run.at ?? { index, epsilon: at, exact: true }, epsilon);
    const { canvas, note } = await contactSheet(of, told, signal);
    const name = fileName({ what: "samples", ...place, epsilon: shown }, "png");
    return { name, file: await pngOf(canvas), note };
  }
  const svg = new Blob([chart(of, drawn)], { type: "image/svg+xml" });
  const more = drawn.length > 1 ? `+${drawn.length - 1}` : "";
  const name = fileName({ what: "chart", ...place, run: `${place.run}${more}` }, what);
  return { name, file: what === "svg" ? svg : await rastered(svg), note: "" };
}

/** The chart of these runs as an SVG document. */
function chart({ run, store, words }: Page, drawn: readonly RunView[]): string {
  const { axis, epsilon, tag } = store.view;
  const { ticks, max } = axis;
  const marks = ticks.includes(max) ? ticks : [...ticks, max];
  const alike = drawn.every(({ step }) => step === run?.step);
  const step = (at: number | null | undefined) => (at == null ? [] : [words.atStep(grouped(at))]);
  return chartSvg({
    title: [words.robustCurve, tag ?? "", ...(alike ? step(run?.step) : [])].join(" · "),
    lines: drawn.flatMap(({ name, mark, focused, record, colour, step: own }) => {
      const full = [name, ...(alike ? [] : step(own))].join(", ");
      return record ? [{ name: full, mark, focused, record, colour: light(colour) }] : [];
    }),
    ...{ axis, epsilon, marks, words },
    labels: axisLabels(axis, marks, marks.indexOf(epsilon), AXIS_WIDTH),
    widthOf: textWidth,
  });
}

/** A colour of the light theme, of which the rules are the first; paper is white. */
function light(variable: string): string {
  return new RegExp(`${variable}: *([^;}]+)`).exec(page.cssText)?.[1] ?? "";
}

/** A cross-section as a PNG file. */
export function sectionPng(drawing: SectionDrawing): Promise<Blob> {
  const svg = sectionSvg(drawing, light, textWidth);
  return rastered(new Blob([svg], { type: "image/svg+xml" }));
}

/** A picture as pixels, two each way for one of its own. */
async function rastered(svg: Blob): Promise<Blob> {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  try {
    await image.decode();
    const { width, height } = image;
    const context = blank(2 * width, 2 * height);
    context.drawImage(image, 0, 0, 2 * width, 2 * height);
    return await pngOf(context.canvas);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
