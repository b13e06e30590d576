import { css, html, nothing, type TemplateResult } from "lit";
import type { Caveat } from "../model/record";
import { DashboardElement, data } from "./element";
import { alarm, base, framed } from "./theme";

/** What may be wrong with the numbers of a step, as the logger found it: one line until unfolded. */
export class Warnings extends DashboardElement {
  static override properties = { caveats: data };

  declare caveats: readonly Caveat[];

  static override styles = [
    base,
    alarm,
    framed,
    css`
      details {
        margin-top: 12px;
        border-radius: 8px;
      }
      summary {
        display: flex;
        gap: 10px;
        align-items: center;
        min-height: 34px;
        padding: 4px 14px;
        border-radius: 8px;
        cursor: pointer;
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary::after {
        width: 6px;
        height: 6px;
        margin: -3px 4px 0 auto;
        border: solid var(--muted);
        border-width: 0 1.5px 1.5px 0;
        transform: rotate(45deg);
        content: "";
      }
      [open] summary::after {
        margin-top: 3px;
        transform: rotate(-135deg);
      }
      b {
        flex: none;
        font-weight: 500;
      }
      summary span {
        color: var(--muted);
      }
      ul {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 2px 14px 12px 42px;
        list-style: none;
      }
      li {
        max-width: 110ch;
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }
      li p {
        margin: 0;
        color: var(--muted);
      }
      li p::first-letter {
        text-transform: uppercase;
      }
      /* The titles stand below now. */
      [open] summary span {
        visibility: hidden;
      }
      a {
        color: inherit;
        white-space: nowrap;
        text-underline-offset: 3px;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    const { words, caveats } = this;
    if (caveats.length === 0) return nothing;
    const titles = caveats.map((caveat) => words.caveat(caveat.code));
    return html`
      <details class="framed">
        <summary>
          <i class="alarm" aria-hidden="true">!</i><b>${words.warnings(String(caveats.length))}</b>
          <span class="cut">${titles.join(" · ")}</span>
        </summary>
        <ul>
          ${caveats.map(({ code, sentence, source }, i) => {
            const { text, lang } = words.caveatSentence(code, sentence);
            return html`<li data-caveat=${code}>
              ${titles[i]}
              <p lang=${lang ?? nothing}>${text}${source ? html` (${source.split("; ").map(cited)})` : nothing}</p>
            </li>`;
          })}
        </ul>
      </details>
    `;
  }
}

/** A source such as "Carlini et al. 2019, https://arxiv.org/abs/1902.06705" as a link. */
function cited(source: string, place: number): TemplateResult {
  const before = place > 0 ? "; " : "";
  const [, name, address] = /^(.*), (https:\/\/\S+)$/.exec(source) ?? [];
  return address
    ? html`${before}<a href=${address} target="_blank" rel="noreferrer">${name}</a>`
    : html`${before}${source}`;
}

customElements.define("fgsm-warnings", Warnings);
