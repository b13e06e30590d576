import { css, html, nothing, type TemplateResult } from "lit";
import { grouped } from "../model/format";
import type { Failure } from "../model/run";
import { DashboardElement, data } from "./element";
import { alarm, base, framed } from "./theme";

/** Something could not be had: the server's sentence, and a button for what may help. */
export class Notice extends DashboardElement {
  static override properties = { error: data, previous: data };

  declare error: Failure;
  /** The step before the one that cannot be read, if there is one. */
  declare previous: number | null;

  static override styles = [
    base,
    alarm,
    framed,
    css`
      div {
        display: flex;
        gap: 10px;
        align-items: center;
        min-height: 46px;
        padding: 8px 8px 8px 14px;
        border-radius: 8px;
      }
      p {
        flex: 1;
        min-width: 0;
        margin: 0;
        overflow-wrap: anywhere;
      }
      button {
        flex: none;
      }
    `,
  ];

  constructor() {
    super();
    this.previous = null;
  }

  override render(): TemplateResult {
    const { store, words, previous } = this;
    return html`
      <div class="framed" role="alert">
        <i class="alarm" aria-hidden="true">!</i>
        <p lang=${this.error.message ? "en" : nothing}>${store.voice.sentence(this.error)}</p>
        ${
          this.error.status === 422
            ? this.#goOn(previous)
            : html`<button class="framed" @click=${() => store.reload()}>${words.retry}</button>`
        }
      </div>
    `;
  }

  /** What is stored stays as it is: there is nothing to try again, but there are other steps. */
  #goOn(step: number | null): TemplateResult | typeof nothing {
    if (step === null) return nothing;
    return html`<button class="framed" @click=${() => this.store.select({ step })}>
      ${this.words.showStep(grouped(step))}
    </button>`;
  }
}

customElements.define("fgsm-notice", Notice);
