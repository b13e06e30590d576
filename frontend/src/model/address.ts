// The selection as it stands in the address: only what differs from the usual, so that a link is
// short. Pure functions.

import { type Range, SHOWS, SORTS } from "./samples";
import { NOISE_SCALES, PANELS, type Selection, SHAPES, SIZES, UNSELECTED } from "./selection";

type Values = ReadonlyMap<string, string>;

/** What the address says of the selection; what it says wrongly is as if it were not there. */
export function fromAddress(values: Values): Selection {
  const spacing = values.get("axis");
  return {
    tag: values.get("tag") ?? null,
    run: values.get("run") ?? null,
    runs: names(values.get("runs")),
    step: number(values.get("step"), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    epsilon: number(values.get("epsilon"), 0, 1),
    panel: oneOf(PANELS, values.get("panel")) ?? UNSELECTED.panel,
    show: oneOf(SHOWS, values.get("show")) ?? UNSELECTED.show,
    label: number(values.get("class"), 0, Number.POSITIVE_INFINITY),
    predicted: number(values.get("predicted"), 0, Number.POSITIVE_INFINITY),
    text: values.get("text") ?? UNSELECTED.text,
    flips: numbers(values.get("flips")),
    reversed: values.get("reversed") === "true",
    sort: oneOf(SORTS, values.get("sort")) ?? UNSELECTED.sort,
    spacing: spacing === "log" || spacing === "linear" ? spacing : null,
    shape: oneOf(SHAPES, values.get("shape")) ?? UNSELECTED.shape,
    sample: number(values.get("sample"), 0, Number.POSITIVE_INFINITY),
    noise: oneOf(NOISE_SCALES, number(values.get("noise"), 1, Number.POSITIVE_INFINITY)) ?? null,
    size: number(values.get("size"), SIZES.least, SIZES.most) ?? UNSELECTED.size,
    trueSize: values.get("trueSize") === "true",
  };
}

/** The keys and values that `fromAddress` reads back. */
export function toAddress(selection: Selection): Map<string, string> {
  const { runs, label, spacing, flips, ...plain } = selection;
  const usual: { readonly [key: string]: unknown } = { ...UNSELECTED };
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(plain)) {
    if (value !== null && value !== usual[key]) values.set(key, String(value));
  }
  if (runs) values.set("runs", JSON.stringify(runs));
  if (label !== null) values.set("class", String(label));
  if (flips) values.set("flips", flips.join(".."));
  if (spacing) values.set("axis", spacing);
  return values;
}

function oneOf<T>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

function number(text: string | undefined, least: number, most: number): number | null {
  const value = Number(text);
  return text?.trim() && value >= least && value <= most ? value : null;
}

/** Two epsilons such as "0.001..0.02". */
function numbers(text: string | undefined): Range | null {
  const [from, to, ...more] = (text ?? "").split("..").map((part) => number(part, 0, 1));
  return from == null || to == null || more.length > 0 || from > to ? null : [from, to];
}

function names(text: string | undefined): string[] | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return Array.isArray(value) ? value.filter((name) => typeof name === "string") : null;
  } catch {
    return null;
  }
}
