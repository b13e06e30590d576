import { html, LitElement, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { splitName } from "../model/format";
import type { Store } from "../store";

/** A property that is an object or function, and no attribute. */
export const data = { attribute: false } as const;

/**
 * What the dashboard's elements have in common: the store, to act on, and the words. What they
 * show comes down to them as properties, so that Lit renders only those whose data has changed.
 */
export class Part extends LitElement {
  static override properties: { [name: string]: object } = { store: data, words: data };

  declare store: Store;
  declare words: Words;
}

/** Whether any of these properties has changed. */
export function anyOf(changed: ReadonlyMap<PropertyKey, unknown>, ...names: string[]): boolean {
  return names.some((name) => changed.has(name));
}

/** A long name whose end stays readable; goes with the style `name`. */
export function cutName(text: string): TemplateResult {
  const [head, tail] = splitName(text);
  if (!tail) return html`<span class="name"><span>${head}</span><span></span></span>`;
  // Read aloud, two parts would be two words: the whole name is there for that, out of sight.
  return html`<span class="name"
    ><span aria-hidden="true">${head}</span><span class="whole">${text}</span
    ><span aria-hidden="true">${tail}</span></span
  >`;
}
