import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { countPassing } from "../model/classes";
import { grouped } from "../model/format";
import type { Record } from "../model/record";
import { partlyPictured, type Sieve } from "../model/samples";

/**
 * What stands for the cards where no sample passes the filters, or none of those with pictures.
 *
 * @param index the place of the predictions in use among the logged epsilons
 * @param everything is called to have all samples shown
 */
export function noHits(
  record: Record,
  index: number,
  filter: Sieve,
  words: Words,
  everything: () => void,
): TemplateResult {
  const partly = partlyPictured(record);
  const pictured = grouped(record.samples.length);
  const passing = partly ? countPassing(record, index, filter) : 0;
  return html`
    <div class="message">
      <p>${passing === 0 ? words.noHits : words.noHitsPictured(pictured)}</p>
      ${passing ? html`<p class="pass">${words.othersPass(grouped(passing), grouped(record.count))}</p>` : nothing}
      ${passing === 0 ? nothing : html`<p>${record.chosen === "indices" ? words.followMore : words.storeMore}</p>`}
      <button class="framed" @click=${everything}>
        ${partly ? words.showAllPictured(pictured) : words.showEverything}
      </button>
    </div>
  `;
}
