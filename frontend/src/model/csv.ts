// Tables as CSV, by RFC 4180. Pure functions.

import { classRows } from "./classes";
import { comparisons } from "./comparisons";
import { harmless } from "./format";
import { wilson } from "./interval";
import type { Record } from "./record";
import { accuracyAt } from "./run";
import type { Namer } from "./samples";
import type { Column } from "./training";
import { transfers } from "./transfers";

/** The bounds of an accuracy's 95 % interval. */
const INTERVAL = ["accuracy_low", "accuracy_high"];
/** Whether the accuracy is to be believed: a stronger attack's on a few samples, and the gradients. */
const BELIEVED = ["stronger_attack_accuracy", "stronger_attack_count", "gradient_alignment"];

export type Cell = string | number | null;

/** What a spreadsheet would take for a formula, and run. */
const FORMULA = /^[=+\-@\t\r]/;

/** Rows as text; null is an empty cell. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  const text = rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  // Without the mark spreadsheets misread all letters but the plainest.
  return /[^\n\r\x20-\x7e]/.test(text) ? `\ufeff${text}` : text;
}

function cell(value: Cell): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A run at a step, whose numbers are told. */
export interface Told {
  readonly name: string;
  readonly step: number | null;
  readonly record: Record | null;
}

/** An epsilon, and it in 255ths without the traces of the division. */
function both(epsilon: number): [number, number] {
  return [epsilon, Number((epsilon * 255).toPrecision(12))];
}

/** The accuracy of each run at 0 and each of its logged epsilons, and what it is compared with. */
export function curveRows(runs: readonly Told[], tag: string): Cell[][] {
  const head = ["run", "tag", "step", "epsilon", "epsilon_255", "accuracy"];
  const others = ["random_noise_accuracy", "plain_fgsm_accuracy", "count"];
  const rows: Cell[][] = [[...head, ...others, ...INTERVAL, ...BELIEVED]];
  for (const { name, step, record } of runs) {
    if (!record) continue;
    const compared = comparisons(record);
    const other = (kind: string, epsilon: number) =>
      compared.find((each) => each.name === kind)?.accuracies(epsilon) ?? null;
    for (const epsilon of new Set([0, ...record.epsilons])) {
      rows.push([
        harmless(name),
        harmless(tag),
        step,
        ...both(epsilon),
        accuracyAt(record, epsilon),
        other("randomNoise", epsilon),
        other("plainFgsm", epsilon),
        record.count,
        ...wilson(accuracyAt(record, epsilon) ?? 0, record.count),
        other("stronger", epsilon),
        record.check?.count ?? null,
        record.alignment?.[record.epsilons.indexOf(epsilon)] ?? null,
      ]);
    }
  }
  return rows;
}

/** What becomes of each true class at a logged epsilon, or clean at 0; with what it became most. */
export function classTable(
  { name, step, record }: Told,
  tag: string,
  index: number,
  named: Namer,
): Cell[][] {
  const head = ["run", "tag", "step", "epsilon", "epsilon_255", "class", "name", "count"];
  const instead = ["predicted_instead", "predicted_instead_name", "predicted_instead_count"];
  const rows: Cell[][] = [[...head, "clean_right", "robust_right", ...instead]];
  const epsilon = record?.epsilons[index] ?? 0;
  for (const row of record ? classRows(record, index) : []) {
    const [most, times] = row.became[0] ?? [null, null];
    rows.push([
      harmless(name),
      harmless(tag),
      step,
      ...both(epsilon),
      row.label,
      named(row.label),
      row.count,
      row.clean,
      row.robust,
      most,
      most === null ? null : named(most),
      times,
    ]);
  }
  return rows;
}

/**
 * How often the model says what of the samples of each true class, right or not, at a logged epsilon or
 * clean at 0; in a class's last row how often it says any of those that the record does not name.
 */
export function predictionRows(
  { name, step, record }: Told,
  tag: string,
  index: number,
  named: Namer,
): Cell[][] {
  const head = ["run", "tag", "step", "epsilon", "epsilon_255", "class", "name"];
  const rows: Cell[][] = [[...head, "predicted", "predicted_name", "count"]];
  const place = [harmless(name), harmless(tag), step, ...both(record?.epsilons[index] ?? 0)];
  for (const { label, robust, became, unlisted } of record ? classRows(record, index) : []) {
    const said: (readonly [number | null, number])[] = [
      [label, robust],
      ...became,
      [null, unlisted],
    ];
    for (const [predicted, count] of said) {
      const predictedName = predicted === null ? null : named(predicted);
      if (count > 0) rows.push([...place, label, named(label), predicted, predictedName, count]);
    }
  }
  return rows;
}

/** Whom the examples made on each model fool, of several attacked together, at each logged epsilon. */
export function transferRows({ name, step, record }: Told, tag: string): Cell[][] {
  const head = ["run", "tag", "step", "epsilon", "epsilon_255", "made_on", "shown_to"];
  const rows: Cell[][] = [
    [...head, "fooled", "right", "fooled_rate", "fooled_rate_low", "fooled_rate_high"],
  ];
  for (const [index, epsilon] of (record?.epsilons ?? []).entries()) {
    for (const { madeOn, shownTo, fooled, right } of record
      ? transfers(record, index).flat()
      : []) {
      const rate = right > 0 ? fooled / right : null;
      const interval = rate === null ? [null, null] : wilson(rate, right);
      const place = [harmless(name), harmless(tag), step, ...both(epsilon)];
      rows.push([...place, harmless(madeOn), harmless(shownTo), fooled, right, rate, ...interval]);
    }
  }
  return rows;
}

/** How the mean loss went along the attack's steps, of which 0 is the start, at each epsilon. */
export function climbRows({ name, step, record }: Told, tag: string): Cell[][] {
  const head = ["run", "tag", "step", "epsilon", "epsilon_255", "attack_step", "loss", "right"];
  const rows: Cell[][] = [[...head, "count", "accuracy"]];
  if (!record?.climb) return rows;
  const { climb, count, epsilons } = record;
  for (const [index, epsilon] of epsilons.entries()) {
    for (const [taken, loss] of (climb.losses[index] ?? []).entries()) {
      const right = climb.right[index]?.[taken] ?? 0;
      const place = [harmless(name), harmless(tag), step, ...both(epsilon)];
      rows.push([...place, taken, loss, right, count, right / count]);
    }
  }
  return rows;
}

/** A run's accuracy at each of its own steps and at 0 and each logged epsilon. */
export function trainingRows(name: string, tag: string, columns: readonly Column[]): Cell[][] {
  const head = ["run", "tag", "step", "epsilon", "epsilon_255", "accuracy", "count"];
  const rows: Cell[][] = [[...head, ...INTERVAL]];
  for (const { step, shown, curve } of columns) {
    // A step of another run has no numbers of its own.
    if (!curve || shown !== step) continue;
    for (const epsilon of new Set([0, ...curve.epsilons])) {
      const accuracy = accuracyAt(curve, epsilon) ?? 0;
      const interval = wilson(accuracy, curve.count);
      const told = [...both(epsilon), accuracy, curve.count, ...interval];
      rows.push([harmless(name), harmless(tag), step, ...told]);
    }
  }
  return rows;
}
