import { html, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import type { Damage } from "../model/examples";

/** What stands for a picture that cannot be drawn, or for several of such. */
export function damage(of: Damage, words: Words): TemplateResult {
  const sentences: { [damage in Damage]: string } = {
    original: words.damagedOriginal,
    direction: words.damagedDirection,
    adversarial: words.damagedAdversarial,
  };
  return html`<p class="damage" role="note">${sentences[of]}</p>`;
}
