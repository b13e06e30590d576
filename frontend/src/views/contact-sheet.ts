import type { Words } from "../i18n/words";
import { grouped, harmless, splitName } from "../model/format";
import type { Sample } from "../model/record";
import { arrange } from "../model/samples";
import { laySheet, MARGIN, type Place, type Size } from "../model/sheet";
import type { Column } from "../model/training";
import type { RunView, Store } from "../store";
import {
  blank,
  block,
  drawFigure,
  type Figure,
  figureSize,
  heightOf,
  MUTED,
  type Panel,
  write,
} from "./figure";
import type { Kind } from "./picture";
import { attackNote, drawn, sampleFigure } from "./sample-figure";

/** What there is to take along. */
export interface Page {
  readonly store: Store;
  readonly words: Words;
  readonly runs: readonly RunView[];
  readonly run: RunView | null;
  readonly columns: readonly Column[];
}

/** How many samples a sheet has at most, and about how large their pictures are, in pixels. */
const MOST = 60;
const SIDE = 224;

/**
 * The samples that the grid shows, in its order, on one sheet.
 *
 * @param told hears how far it is
 * @param signal ends it
 */
export async function contactSheet(
  { store, words, run }: Page,
  told: (text: string) => void,
  signal: AbortSignal,
): Promise<{ readonly canvas: HTMLCanvasElement; readonly note: string }> {
  const { selection, view } = store;
  const { record, at, stamp, name, step } = run ?? {};
  if (!record || !at || !stamp || !name || step == null) throw new Error("no samples");
  const { axis, epsilon, tag } = view;
  const key = { run: name, tag: tag ?? "", step };
  const seen = { record, at, epsilon, noise: selection.noise };
  const figure = <P extends Size>(position: number, draw: (kind: Kind) => P): Figure<P> => {
    const sample = record.samples[position] as Sample;
    return plain(sample, sampleFigure(key, sample, seen, axis, words, draw));
  };
  const shown = arrange(record, at.index, selection, words.unnamedClass);
  const scratch = blank(1, 1);
  const sizes = shown.slice(0, MOST).map((position) =>
    figureSize(
      scratch,
      figure(position, () => record.picture),
      SIDE,
    ),
  );
  const source = [key.run, key.tag].map(harmless);
  const { formula, formulaEach, formulaTarget, noiseFills, noiseTimes } = words;
  const heading = (count: number, width: number) => [
    block(scratch, [...source, words.atStep(grouped(step))].join(" · "), width, 26),
    block(
      scratch,
      [
        attackNote(seen, axis, words),
        words.samples(grouped(count), grouped(record.samples.length)),
        record.pictures === "each" ? formulaEach : record.attack.target ? formulaTarget : formula,
        seen.noise === null ? noiseFills : noiseTimes(String(seen.noise)),
      ].join(" · "),
      width,
      17,
      MUTED,
    ),
  ];
  const high = (width: number) =>
    heading(shown.length, width).reduce(
      (sum, { size, lines }) => sum + lines.length * size * 1.4,
      24,
    );
  const { width, height, places } = laySheet(sizes, high);
  const context = blank(width, height);
  let y = MARGIN;
  for (const line of heading(places.length, width - 2 * MARGIN)) {
    write(context, line, MARGIN, y, "left");
    y += heightOf(line) + 4;
  }

  const chosen = shown.slice(0, places.length);
  const album = { key, stamp, record };
  let done = 0;
  for await (const decoded of store.pictures.each({ album, positions: chosen })) {
    signal.throwIfAborted();
    const broken = typeof decoded === "string";
    const draw = (kind: Kind) =>
      broken ? missing(record.picture) : drawn(kind, { ...seen, decoded });
    const whole = figure(chosen[done] as number, draw);
    const titled = broken ? { ...whole, title: `${whole.title} · ${words.damaged}` } : whole;
    drawFigure(context, titled, places[done] as Place, SIDE);
    done++;
    if (done % 10 === 0) told(words.sheetProgress(String(done), String(chosen.length)));
  }
  const cut = places.length < shown.length;
  const counts = [grouped(places.length), grouped(shown.length)] as const;
  return { canvas: context.canvas, note: cut ? words.sheetCut(...counts) : "" };
}

/** A sample's figure without what the sheet says once for all, and with no name that fills it. */
function plain<P extends Size>({ index }: Sample, { title, panels }: Figure<P>): Figure<P> {
  const [original, middle, adversarial] = panels;
  const bare = (panel: Panel<P>) => ({ ...panel, name: "", said: brief(panel.said) });
  return {
    title: `#${index} · ${brief(title)}`,
    panels: [bare(original), bare(middle), bare(adversarial)],
    note: "",
  };
}

/** A text with its end, where the probability is, in about two lines. */
function brief(text: string): string {
  const [head, tail] = splitName(text, 16);
  return tail === "" ? head : `${[...head].slice(0, 24).join("")}…${tail}`;
}

/** What stands for a picture that is damaged. */
function missing({ width, height }: Size): HTMLCanvasElement {
  const context = blank(width, height);
  context.fillStyle = "#dfe2e6";
  context.fillRect(0, 0, width, height);
  return context.canvas;
}
