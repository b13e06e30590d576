import { html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { epsilonText, percent } from "../model/format";
import { robustAccuracy } from "../model/selection";
import type { RunView } from "../store";
import { DashboardElement, data } from "./element";
import "./epsilon";
import "./play";
import { foldedStyle } from "./folded.style";
import { base } from "./theme";

/** What stands for the large card while one scrolls through the samples: epsilon, and what it does. */
export class Folded extends DashboardElement {
  static override properties = { epsilon: data, axis: data, run: data };

  declare epsilon: number;
  declare axis: Axis;
  declare run: RunView | null;

  static override styles = [base, foldedStyle];

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
