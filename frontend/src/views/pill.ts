import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { epsilonText } from "../model/format";
import type { Record, Sample } from "../model/record";
import { firstFlip, flipEpsilon, type Namer, stateOf } from "../model/samples";
import type { Logged } from "../model/selection";

/** The true class; of a targeted attack, where it was to lead, too. */
export function title({ label, target }: Sample, name: Namer): string {
  return target == null ? name(label) : `${name(label)} → ${name(target)}`;
}

/** A sample's state in a sign and words; when the model breaks, if it does. */
export function pill(record: Record, sample: Sample, at: Logged, axis: Axis, words: Words): string {
  const state = stateOf(sample, at.index);
  const aimed = sample.target != null;
  if (state === "wrong") return `– ${words.wrongWhenClean}`;
  if (sample.target === sample.label) return `– ${words.targetIsLabel}`;
  const flip = firstFlip(sample);
  const epsilon = flipEpsilon(record, sample);
  if (!Number.isFinite(epsilon)) return `✓ ${aimed ? words.targetNever : words.holds}`;
  const text = epsilonText(epsilon, axis.decimals);
  if (state === "flipped") return `✕ ${(aimed ? words.targetAt : words.flipsAt)(text)}`;
  const [later, again] = aimed
    ? [words.targetNotYet, words.targetNoLonger]
    : [words.holdsUntil, words.rightAgain];
  return `✓ ${(flip > at.index ? later : again)(text)}`;
}
