import { css, html, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { GAP, type Layout, OPERATOR, PADDING } from "../model/layout";
import type { Record } from "../model/record";
import type { NoiseScale } from "../model/selection";

/**
 * What the pictures in each column of the cards below are, and together: the formula.
 *
 * @param count how many cards there are
 */
export function captions(
  { attack, pictures }: Record,
  { columns, card, place }: Layout,
  count: number,
  noise: NoiseScale,
  words: Words,
): TemplateResult {
  const plain = attack.target ? "−ε · sign ∇J(target)" : "ε · sign ∇J";
  const term = pictures === "each" ? words.difference : words.noiseOf(plain);
  const times = noise === null ? "" : `×${noise}`;
  const { formula, formulaTarget, formulaEach } = words;
  const whole = pictures === "each" ? formulaEach : attack.target ? formulaTarget : formula;
  return html`
    <div
      class="captions"
      role="note"
      aria-label=${whole}
      title=${whole}
      style="--card: ${card}px; --place: ${place}px"
    >
      ${Array.from(
        { length: Math.min(columns, count) },
        () => html`<div aria-hidden="true">
          <span>${words.original}</span><i>+</i
          ><span>${term} ${times}</span><i>=</i
          ><span>${words.adversarial}</span>
        </div>`,
      )}
    </div>
  `;
}

/** The captions' looks. */
export const captionsStyle = css`
  .captions {
    display: flex;
    gap: ${GAP}px;
    height: 20px;
    color: var(--muted);
    font-size: 11px;
    line-height: 18px;
  }
  .captions div {
    display: flex;
    width: var(--card);
    padding: 0 ${PADDING / 2}px;
  }
  .captions span {
    width: var(--place);
    overflow: hidden;
    text-align: center;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .captions i {
    flex: 1;
    min-width: ${OPERATOR}px;
    font-style: normal;
    text-align: center;
  }
`;
