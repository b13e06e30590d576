import type { Side } from "../model/sides";
import type { Store } from "../store";

/** Has the grid show another side's samples; what it showed is then what these are compared with. */
export function goTo(store: Store, { kind, key }: Side): void {
  const { step, tag, epsilon } = store.view;
  if (kind === "run") store.select({ run: key.run });
  else if (kind === "step") store.select({ step: key.step, otherStep: step });
  else store.select({ tag: key.tag, otherTag: tag, epsilon });
}
