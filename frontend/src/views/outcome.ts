import type { Words } from "../i18n/words";
import { type Contest, oneSided, points, ranked, type Score, scores } from "../model/contest";
import { grouped, harmless } from "../model/format";
import type { Side } from "../model/sides";

/** How many sides a sentence names: of more the best two and the last. */
const NAMED = 4;

/** A side by what tells it from the others. */
export function sideName({ kind, key, short }: Side, words: Words): string {
  if (kind === "step") return words.atStep(grouped(key.step));
  return harmless(kind === "tag" ? key.tag : short);
}

/**
 * Who is right on how many of the samples that all have, who leads by how much, and on how many they
 * disagree: a sentence or two.
 *
 * @param at the epsilon as a text; empty without attack
 */
export function outcome(contest: Contest, at: string, words: Words): string {
  const { sides, right, common } = contest;
  if (common === 0) return words.contestNone;
  const [, second] = sides;
  const head = heading(contest, at, words);
  if (second?.kind === "tag") return `${head} ${tags(contest, words)}`;
  const list = second?.kind === "step" ? scores(sides, right) : ranked(contest);
  const lead = second?.kind === "step" ? change(list, common, words) : ahead(list, common, words);
  const split = contest.split.size;
  const apart = split === 0 ? words.contestAgree : words.contestSplit(grouped(split));
  return `${head} ${named(list, words)}: ${lead} ${apart}`;
}

function heading({ sides, common }: Contest, at: string, words: Words): string {
  const count = grouped(common);
  if (at === "") {
    return sides.length === 2 ? words.contestBothClean(count) : words.contestAllClean(count);
  }
  return sides.length === 2 ? words.contestBoth(at, count) : words.contestAll(at, count);
}

function named(list: readonly Score[], words: Words): string {
  const told = ({ side, right }: Score, i: number) =>
    (i === 0 ? words.contestRight : words.contestAlso)(sideName(side, words), grouped(right));
  if (list.length <= NAMED) return list.map(told).join(", ");
  return [...list.slice(0, 2).map(told), "…", ...list.slice(-1).map((last) => told(last, 1))].join(
    ", ",
  );
}

/** Which run leads, and by how much. */
function ahead([best, next]: readonly Score[], common: number, words: Words): string {
  if (!best || !next) return "";
  const by = best.right - next.right;
  const [name, other] = [sideName(best.side, words), sideName(next.side, words)];
  if (by === 0) return words.contestLevel(name, other);
  return words.contestLead(name, grouped(by), grouped(points(by, common)));
}

/** How much better or worse a step is than another. */
function change([shown, other]: readonly Score[], common: number, words: Words): string {
  const by = (shown?.right ?? 0) - (other?.right ?? 0);
  if (by === 0) return words.contestSame;
  const texts = [grouped(Math.abs(by)), grouped(points(Math.abs(by), common))] as const;
  return (by > 0 ? words.contestMore : words.contestFewer)(...texts);
}

/** Where one attack leaves a model right and the other does not: what the weaker hides. */
function tags(contest: Contest, words: Words): string {
  const [first, second] = scores(contest.sides, contest.right);
  if (!first || !second) return "";
  const [a, b] = [sideName(first.side, words), sideName(second.side, words)];
  const [onlyFirst, onlySecond] = oneSided(contest);
  const swapped = onlySecond > onlyFirst;
  const [weak, strong] = swapped ? [b, a] : [a, b];
  const [fooled, converse] = swapped ? [onlySecond, onlyFirst] : [onlyFirst, onlySecond];
  const counts = [
    words.contestUnder(a, grouped(first.right)),
    words.contestAlsoUnder(b, grouped(second.right)),
  ].join(", ");
  if (fooled === 0) return `${counts}. ${words.contestAgree}`;
  const told = words.contestFooled(grouped(fooled), weak, strong);
  return `${counts}. ${told} ${words.contestConverse(grouped(converse))}`;
}
