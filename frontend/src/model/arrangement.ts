// Which samples a grid shows and in which order, also where they are compared.

import { type Contest, contestOf, footing } from "./contest";
import { Memo } from "./memo";
import type { Record } from "./record";
import { arrange, type Filter, type Namer } from "./samples";
import type { Side } from "./sides";

export class Arrangement {
  /** The places of the samples shown, in their order. */
  positions: readonly number[] = [];
  /** The record that they are of. */
  record: Record | null = null;
  /** Who is right on what; null where nothing is compared. */
  contest: Contest | null = null;

  /** The places before those are left out on which the sides agree. */
  #compared: readonly number[] = [];
  readonly #contest = new Memo<Contest | null>();

  /** How many of the samples there are to be seen on which the sides disagree. */
  get split(): number {
    return this.#compared.filter((position) => this.contest?.split.has(position)).length;
  }

  /** Who is right on what at an epsilon: the same object between two logged ones. */
  judge(sides: readonly Side[] | null, epsilon: number): Contest | null {
    if (!sides) return null;
    return this.#contest.get([sides, footing(sides, epsilon)], () => contestOf(sides, epsilon));
  }

  /**
   * Arranges the samples anew: where they are compared, those that another side has.
   *
   * @param index the place of the predictions in use among the logged epsilons; none without a record
   * @param unnamed names a class that has no name of its own
   */
  arrange(record: Record | null, index: number | null, filter: Filter, unnamed: Namer): void {
    const { contest } = this;
    this.record = record;
    const passing = record && index !== null ? arrange(record, index, filter, unnamed) : [];
    this.#compared = contest ? passing.filter((at) => contest.paired.has(at)) : passing;
    this.positions =
      contest && filter.disagree
        ? this.#compared.filter((at) => contest.split.has(at))
        : this.#compared;
  }
}
