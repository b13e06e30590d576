import { css, html, nothing, type TemplateResult } from "lit";
import type { RequestError } from "../api";
import { data, Part } from "./part";
import { base, framed } from "./theme";

/** Something could not be had: the server's sentence, and a button to try again where that may help. */
export class Notice extends Part {
  static override properties = { error: data };

  declare error: RequestError;

  static override styles = [
    base,
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
      i {
        flex: none;
        width: 18px;
        height: 18px;
        border-radius: 50%;
        background: var(--flipped-surface);
        color: var(--flipped);
        font-style: normal;
        font-weight: 500;
        line-height: 18px;
        text-align: center;
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

  override render(): TemplateResult {
    const { store, words } = this;
    return html`
      <div class="framed" role="alert">
        <i aria-hidden="true">!</i>
        <p lang=${this.error.message ? "en" : nothing}>${store.sentence(this.error)}</p>
        ${
          this.error.status === 422
            ? nothing
            : html`<button class="framed" @click=${() => store.reload()}>${words.retry}</button>`
        }
      </div>
    `;
  }
}

customElements.define("fgsm-notice", Notice);
