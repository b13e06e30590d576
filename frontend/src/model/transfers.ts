// Whom the examples made on one model fool, of several attacked together. Pure functions.

import type { Record } from "./record";
import { PANELS, type Panel } from "./selection";

/** The examples made on one model, as another is shown them, or the same one. */
export interface Transfer {
  readonly madeOn: string;
  readonly shownTo: string;
  readonly own: boolean;
  /** How many fool it, of those samples that it is right on when clean. */
  readonly fooled: number;
  readonly right: number;
}

/** A row a model that examples are made on, at a logged epsilon; index -1 is no perturbation. */
export function transfers(record: Record, index: number): Transfer[][] {
  const { models = [], right = [], fooled = [] } = record.transfers ?? {};
  return models.map((madeOn, from) =>
    models.map((shownTo, to) => ({
      madeOn,
      shownTo,
      own: from === to,
      fooled: fooled[from]?.[to]?.[index] ?? 0,
      right: right[to] ?? 0,
    })),
  );
}

/** The other model that is fooled most often by the examples made on the record's; null if none. */
export function mostFooled(record: Record, rows: readonly Transfer[][]): Transfer | null {
  const share = ({ fooled, right }: Transfer) => fooled / Math.max(1, right);
  const others = (rows[record.transfers?.own ?? 0] ?? []).filter((each) => !each.own);
  const most = others.sort((a, b) => share(b) - share(a))[0];
  return most && most.fooled > 0 ? most : null;
}

/** The panels that there is something to show in; who looks where samples lie may stay there. */
export function panelsOf(record: Record | null | undefined, chosen?: Panel): readonly Panel[] {
  return PANELS.filter(
    (panel) =>
      (panel !== "transfer" || record?.transfers) &&
      (panel !== "embedding" || record?.embedding || chosen === "embedding"),
  );
}
