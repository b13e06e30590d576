// Numbers as the dashboard writes them. Pure functions.

const NO_BREAK = "\u00a0";

/** An epsilon in 255ths, with two decimals at most: 0.25, 1.79, 76.5. */
export function per255(epsilon: number): string {
  const k = epsilon * 255;
  // Two decimals would turn a small epsilon into 0, which means something else.
  return String(Number(k > 0 && k < 0.01 ? k.toPrecision(1) : k.toFixed(2)));
}

/** An epsilon as a decimal: 0.0070, 0.3000. */
export function decimal(epsilon: number): string {
  if (epsilon === 0) return "0";
  return epsilon.toFixed(epsilon > 0 && epsilon < 0.001 ? 5 : 4);
}

/** A fraction as a percentage with one decimal, or with `digits`. */
export function percent(fraction: number, digits = 1): string {
  return `${(100 * fraction).toFixed(digits)}${NO_BREAK}%`;
}

/** A whole number in groups of three: 12,000. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** An epsilon as a decimal without zeros at its end: 0.05, 0.3. */
export function shortDecimal(epsilon: number): string {
  return String(Number(epsilon.toFixed(4)));
}

/** An epsilon in a sentence: 0.5/255, or 0.3 beside an axis in decimals. */
export function epsilonText(epsilon: number, decimals: boolean): string {
  return decimals ? shortDecimal(epsilon) : `${per255(epsilon)}/255`;
}

/** An epsilon both ways, first as its axis has it: [4/255, 0.0157], or [0.3, 76.5/255] in decimals. */
export function bothTexts(epsilon: number, decimals: boolean): [string, string] {
  const k = `${per255(epsilon)}/255`;
  return decimals ? [shortDecimal(epsilon), k] : [k, decimal(epsilon)];
}

/** An epsilon's label on the axis: 0.5, 1.79, or 0.3 on an axis in decimals. */
export function tickLabel(epsilon: number, decimals: boolean): string {
  return decimals ? shortDecimal(epsilon) : per255(epsilon);
}

// What turns the text around it to the other direction, and what is drawn as nothing or as a break.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name of somebody else's, such that it stays within its place: "\ufffd" for each such letter. */
export function harmless(name: string): string {
  return name.replace(UNSEEN, "\ufffd");
}

/** Cuts a name so that its end, where names differ most, can be kept whole: [head, tail]. */
export function splitName(name: string, tail = 10): [string, string] {
  const letters = [...name];
  if (letters.length <= 2 * tail) return [name, ""];
  return [letters.slice(0, -tail).join(""), letters.slice(-tail).join("")];
}

/** A setting of an attack: a number in four digits at most, for 8/255 has seventeen. */
export function setting(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}
