// What tells long names apart: what all have in common at either end is cut. Pure functions.

/** Names shorter than this are shown as they are. */
const LONG = 24;
/** A common end shorter than this is not worth a cut. */
const WORTH = 5;
const SEPARATOR = /[/_\-=, ]/;

/** Each name without what all of them begin and end with, at separators, an ellipsis in its place. */
export function shortNames(names: readonly string[]): Map<string, string> {
  const unique = [...new Set(names)];
  const plain = new Map(unique.map((name) => [name, name]));
  if (unique.length < 2 || unique.every((name) => name.length < LONG)) return plain;
  const head = commonHead(unique);
  const rests = unique.map((name) => name.slice(head));
  const tail = commonHead(rests.map(reversed));
  const cut = (rest: string) => rest.slice(0, rest.length - tail);
  if (rests.some((rest) => cut(rest) === "")) return plain;
  return new Map(
    unique.map((name, i) => [
      name,
      `${head > 0 ? "…" : ""}${cut(rests[i] as string)}${tail > 0 ? "…" : ""}`,
    ]),
  );
}

/** How many letters all begin with, up to and with a separator; 0 where it is not worth a cut. */
function commonHead(names: readonly string[]): number {
  const [first = ""] = names;
  let same = 0;
  while (same < first.length && names.every((name) => name[same] === first[same])) same++;
  while (same > 0 && !SEPARATOR.test(first[same - 1] as string)) same--;
  return same < WORTH ? 0 : same;
}

function reversed(name: string): string {
  return [...name].reverse().join("");
}
