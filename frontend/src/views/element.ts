import { LitElement } from "lit";
import type { Words } from "../i18n/words";
import type { Store } from "../store";

/** A property that is an object or function, and no attribute. */
export const data = { attribute: false } as const;

/** A state of numbers: measured anew, it has changed only where one of them has. */
export const measured = {
  state: true,
  hasChanged: (now: unknown, before: unknown) => JSON.stringify(now) !== JSON.stringify(before),
} as const;

/**
 * What the dashboard's elements have in common: the store, to act on, and the words. What they
 * show comes down to them as properties, so that Lit renders only those whose data has changed.
 */
export class DashboardElement extends LitElement {
  static override properties: { [name: string]: object } = { store: data, words: data };

  declare store: Store;
  declare words: Words;
}

let first: Promise<void> | null = null;

/** Waits until what was rendered at first is painted. */
export function firstPaint(): Promise<void> {
  first ??= new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  return first;
}

/** Whether any of these properties has changed. */
export function anyOf(changed: ReadonlyMap<PropertyKey, unknown>, ...names: string[]): boolean {
  return names.some((name) => changed.has(name));
}
