import { css, html, type TemplateResult } from "lit";
import { harmless, splitName } from "../model/format";
import { unseen } from "./theme";

/**
 * A long name whose end stays readable; goes with the style `longName`.
 *
 * @param whole what is read aloud, where the text is a part of it
 */
export function cutName(text: string, whole = text): TemplateResult {
  const [head, tail] = splitName(harmless(text));
  if (!tail && whole === text)
    return html`<span class="name"><span>${head}</span><span></span></span>`;
  // Read aloud, two parts would be two words: the whole name is there for that, out of sight.
  return html`<span class="name"
    ><span aria-hidden="true">${head}</span><span class="unseen">${harmless(whole)}</span
    ><span aria-hidden="true">${tail}</span></span
  >`;
}

/** The looks of a name cut in two: the head gives way, the tail stays. */
export const longName = [
  unseen,
  css`
    .name {
      display: flex;
      position: relative;
      min-width: 0;
      white-space: pre;
    }
    .name > :first-child {
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .name > :last-child {
      flex: none;
    }
  `,
];
