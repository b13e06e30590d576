// What becomes of the samples of each true class at an epsilon. Pure functions.

import type { ClassCounts, Record, Sample } from "./record";
import { correct, type Namer, predictionAt, type Show, type Sieve } from "./samples";

/** Samples of one true class of which the model says one other class. */
export type Became = readonly [predicted: number, count: number];

export interface ClassRow {
  readonly label: number;
  readonly count: number;
  /** How many the model is right on when clean, and at the epsilon. */
  readonly clean: number;
  readonly robust: number;
  /** What the model says instead at the epsilon, most frequent first. */
  readonly became: readonly Became[];
  /** How many more it calls by further classes: the record counts only the most frequent. */
  readonly unlisted: number;
}

export type ClassSort = "name" | "count" | "robust";

/** How the rows are sorted when one first asks for it: the worst class first, the largest first. */
export const ASCENDING: { readonly [sort in ClassSort]: boolean } = {
  name: true,
  count: false,
  robust: true,
};

/**
 * A row for each true class at a place among the logged epsilons (-1: clean), by its number: of all
 * samples where the record counts them, else of those that have pictures.
 */
export function classRows({ classes = [], samples }: Record, index: number): ClassRow[] {
  return classes.length > 0 ? classes.map((each) => rowOf(each, index)) : byClass(samples, index);
}

function rowOf({ label, count, clean, adversarial }: ClassCounts, index: number): ClassRow {
  const { correct: robust, became } = adversarial[index] ?? clean;
  const listed = became.reduce((sum, [, count]) => sum + count, 0);
  return {
    label,
    count,
    clean: clean.correct,
    robust,
    became,
    unlisted: count - robust - listed,
  };
}

/** The same rows, counted of these samples. */
export function byClass(samples: readonly Sample[], index: number): ClassRow[] {
  const rows = new Map<number, { count: number; clean: number; said: Map<number, number> }>();
  for (const sample of samples) {
    let row = rows.get(sample.label);
    if (!row) {
      row = { count: 0, clean: 0, said: new Map() };
      rows.set(sample.label, row);
    }
    const [said] = predictionAt(sample, index).classes;
    row.count += 1;
    row.clean += Number(correct(sample));
    row.said.set(said, (row.said.get(said) ?? 0) + 1);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([label, { count, clean, said }]) => ({
      label,
      count,
      clean,
      robust: said.get(label) ?? 0,
      became: [...said]
        .filter(([predicted]) => predicted !== label)
        .sort(([a, some], [b, others]) => others - some || a - b),
      unlisted: 0,
    }));
}

/**
 * How many of all samples pass the filters, those without pictures too; null where the record does
 * not tell.
 */
export function countPassing(
  record: Record,
  index: number,
  { show, label, predicted, text, flips }: Sieve,
): number | null {
  if (text.trim() !== "" || flips !== null) return null;
  if (label === null && predicted === null) return countStates(record, index)[show];
  if (!record.classes?.length) return null;
  const rows = classRows(record, index).filter((row) => label === null || row.label === label);
  if (show === "all") return sum(rows.map((row) => countSaid(row, predicted)));
  if (show !== "wrong" || predicted !== null) return null;
  return sum(rows.map(({ count, clean }) => count - clean));
}

/** How many of all samples are in each state. */
function countStates(
  { count, clean_accuracy, success_rate }: Record,
  index: number,
): { readonly [show in Show]: number | null } {
  const right = Math.round(clean_accuracy * count);
  const share = index < 0 ? 0 : success_rate?.[index];
  const flipped = share === undefined ? null : Math.round(share * right);
  return {
    all: count,
    flipped,
    right: flipped === null ? null : right - flipped,
    wrong: count - right,
  };
}

/** Of how many samples of a class the model says a class, or any; null where that is not counted. */
function countSaid({ label, count, robust, became, unlisted }: ClassRow, said: number | null) {
  if (said === null) return count;
  if (said === label) return robust;
  const listed = became.find(([predicted]) => predicted === said);
  return listed?.[1] ?? (unlisted > 0 ? null : 0);
}

/** The sum; null where a part of it is not known. */
function sum(counts: readonly (number | null)[]): number | null {
  return counts.reduce((all, each) => (all === null || each === null ? null : all + each), 0);
}

/** The rows in the wanted order; equals the other way round by nothing but their number. */
export function sortClasses(
  rows: readonly ClassRow[],
  sort: ClassSort,
  ascending: boolean,
  named: Namer,
): ClassRow[] {
  const direction = ascending ? 1 : -1;
  if (sort === "name") {
    const names = new Map(rows.map(({ label }) => [label, named(label)]));
    const collator = new Intl.Collator(undefined, { numeric: true });
    return [...rows].sort(
      (a, b) =>
        direction * collator.compare(names.get(a.label) ?? "", names.get(b.label) ?? "") ||
        a.label - b.label,
    );
  }
  const rank = (row: ClassRow) => (sort === "count" ? row.count : row.robust / row.count);
  // Of two classes that are as bad the one with more samples says more.
  return [...rows].sort(
    (a, b) => direction * (rank(a) - rank(b)) || b.count - a.count || a.label - b.label,
  );
}

/**
 * How many of some texts, one after the other, fit into a width; at least one, if there is any.
 *
 * @param widths each text's width
 * @param more the room to keep where not all fit
 */
export function fitting(widths: readonly number[], width: number, more: number): number {
  let used = 0;
  let fit = 0;
  for (const [i, each] of widths.entries()) {
    used += each;
    if (used + (i === widths.length - 1 ? 0 : more) > width) break;
    fit = i + 1;
  }
  return Math.min(widths.length, Math.max(1, fit));
}
