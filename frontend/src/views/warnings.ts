import { html, nothing, type TemplateResult } from "lit";
import type { Caveat } from "../model/record";
import { DashboardElement, data } from "./element";
import { alarm, base, framed } from "./theme";
import { warningsStyle } from "./warnings.style";

/** What may be wrong with the numbers of a step, as the logger found it: one line until unfolded. */
export class Warnings extends DashboardElement {
  static override properties = { caveats: data };

  declare caveats: readonly Caveat[];

  static override styles = [base, alarm, framed, warningsStyle];

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
