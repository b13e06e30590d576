import { css, html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { epsilonText, percent } from "../model/format";
import { robustAccuracy } from "../model/selection";
import type { RunView } from "../store";
import { FOLDED, STRIP } from "./app.style";
import { DashboardElement, data } from "./element";
import "./epsilon";
import "./play";
import { base } from "./theme";

/** What stands for the large card while one scrolls through the samples: epsilon, and what it does. */
export class Folded extends DashboardElement {
  static override properties = { epsilon: data, axis: data, run: data };

  declare epsilon: number;
  declare axis: Axis;
  declare run: RunView | null;

  static override styles = [
    base,
    css`
      /* Takes no room: what is below must not move when it comes. */
      :host {
        position: sticky;
        z-index: 2;
        top: 0;
        height: 0;
        --stuck: ${-FOLDED - 8}px;
      }
      .strip {
        display: flex;
        gap: 18px;
        align-items: center;
        height: ${STRIP}px;
        margin: 0 -10px 0 -18px;
        padding: 0 16px 0 18px;
        background: var(--page);
        white-space: nowrap;
      }
      .track {
        position: relative;
        flex: 1;
        height: 26px;
        margin: 0 8px 0 0;
      }
      b {
        font-size: 17px;
        font-weight: 400;
      }
      .epsilon {
        min-width: 9ch;
        text-align: right;
      }
      .muted {
        color: var(--muted);
      }
    `,
  ];

  override render(): TemplateResult {
    const { store, words, axis, epsilon, run } = this;
    const { record, at } = run ?? {};
    return html`
      <div class="strip">
        <fgsm-play what="epsilon" .store=${store} .words=${words}></fgsm-play>
        <div class="track">
          <fgsm-epsilon
            plain
            .store=${store}
            .words=${words}
            .axis=${axis}
            .epsilon=${epsilon}
            .run=${run}
          ></fgsm-epsilon>
        </div>
        <span class="epsilon"><span class="muted">ε</span> <b>${epsilonText(epsilon, axis.decimals)}</b></span>
        ${
          record && at
            ? html`<span>
                <span class="muted">${words.robustAccuracy}</span>
                <b>${percent(robustAccuracy(record, at))}</b>
              </span>`
            : nothing
        }
      </div>
    `;
  }
}

customElements.define("fgsm-folded", Folded);
