import { html, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { epsilonText, grouped, harmless, percent } from "../model/format";
import { between } from "../model/interval";
import { mostFooled, type Transfer, transfers } from "../model/transfers";
import type { RunView } from "../store";
import { DashboardElement, data } from "./element";
import { base } from "./theme";
import { transfersStyle } from "./transfers.style";

/** Whom the examples made on each model fool, of those attacked together: a table, at epsilon. */
export class Transfers extends DashboardElement {
  static override properties = { run: data, axis: data };

  declare run: RunView | null;
  declare axis: Axis;

  static override styles = [base, transfersStyle];

  override render(): TemplateResult {
    const { words } = this;
    const { record, at, colour } = this.run ?? {};
    if (!record?.transfers || !at) return html``;
    const rows = transfers(record, at.index);
    const epsilon = epsilonText(at.epsilon, this.axis.decimals);
    const most = mostFooled(record, rows);
    const own = harmless(record.transfers.models[record.transfers.own] ?? "");
    const sentence = most
      ? words.transferMost(own, harmless(most.shownTo), grouped(most.fooled), grouped(most.right))
      : words.transferNone(own);
    return html`
      <p>${words.transferAt(sentence, epsilon)}</p>
      <div class="scroll" role="region" aria-label=${words.panelTransfer} tabindex="0">
        <table style="--colour: var(${colour})">
          <caption class="unseen">${words.transferCaption}</caption>
          <thead>
            <tr>
              <th scope="col" class="corner">${words.transferMadeOn} ↓ ${words.transferShownTo} →</th>
              ${rows[0]?.map(
                ({ shownTo, right }) => html`<th scope="col" title=${harmless(shownTo)}
                  ><span class="cut">${harmless(shownTo)}</span
                  ><small>${words.transferRight(grouped(right))}</small></th
                >`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr>
                <th scope="row" title=${harmless(row[0]?.madeOn ?? "")}
                  ><span class="cut">${harmless(row[0]?.madeOn ?? "")}</span></th
                >
                ${row.map((each) => this.#cell(each))}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  #cell(transfer: Transfer): TemplateResult {
    const { words } = this;
    const { fooled, right, own } = transfer;
    if (right === 0) return html`<td class=${own ? "own" : ""}>–</td>`;
    const [count, all] = [grouped(fooled), grouped(right)];
    const names = [harmless(transfer.madeOn), harmless(transfer.shownTo)] as const;
    const told = `${words.transferMost(...names, count, all)}\n${words.interval}: ${between(fooled / right, right)}`;
    return html`<td
      class=${own ? "own" : ""}
      style="--share: ${(30 * fooled) / right}%"
      title=${told}
      >${percent(fooled / right)}<small>${words.transferOf(count, all)}</small></td
    >`;
  }
}

customElements.define("fgsm-transfers", Transfers);
