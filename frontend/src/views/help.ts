import { css, html, type TemplateResult } from "lit";
import { DashboardElement } from "./element";
import { base, framed } from "./theme";
import "./tour";
import type { Tour } from "./tour";

const PAPER = "https://arxiv.org/abs/1412.6572";

/** The "?": what the words of the dashboard mean, and its keys, in a dialog. */
export class Help extends DashboardElement {
  static override styles = [
    base,
    framed,
    css`
      .ask {
        width: 24px;
        height: 24px;
        display: grid;
        place-items: center;
        padding: 0 !important;
        border-color: var(--control);
        border-radius: 50%;
        line-height: 1;
      }
      dialog {
        width: min(600px, calc(100vw - 24px));
        max-height: calc(100vh - 32px);
        padding: 16px 20px 20px;
        border: 1px solid var(--control);
        border-radius: 8px;
        background: var(--surface);
        color: var(--text);
        overflow: auto;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 35%);
      }
      .head {
        display: flex;
        gap: 16px;
        align-items: start;
        justify-content: space-between;
      }
      .head h2 {
        color: var(--text);
        font-size: 17px;
        letter-spacing: 0;
        line-height: 28px;
        text-transform: none;
      }
      h3 {
        margin: 14px 0 4px;
        font-size: 13px;
        font-weight: 500;
      }
      p {
        margin: 8px 0;
        text-wrap: pretty;
      }
      dl {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 6px 16px;
        margin: 8px 0 0;
      }
      dt {
        font-weight: 500;
      }
      dd {
        margin: 0;
        color: var(--muted);
      }
      code {
        font: 12px var(--mono);
      }
      kbd {
        padding: 0 5px;
        border: 1px solid var(--control);
        border-radius: 4px;
        font: 11px var(--mono);
      }
      a {
        color: inherit;
      }
      @media (max-width: 479px) {
        dl {
          grid-template-columns: 1fr;
          gap: 0;
        }
        dd {
          margin-bottom: 8px;
        }
      }
    `,
  ];

  readonly #key = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    const typing =
      target instanceof HTMLElement && target.matches("input:not([type=range]), select");
    if (event.key !== "?" || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.#show();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#key);
  }

  override render(): TemplateResult {
    const { words } = this;
    return html`
      <button
        class="ask framed"
        aria-haspopup="dialog"
        aria-keyshortcuts="?"
        aria-label=${words.help}
        title=${words.help}
        @click=${this.#show}
      >
        ?
      </button>
      <dialog aria-labelledby="title" @click=${this.#outside} @keydown=${this.#keep}>
        <div class="head">
          <h2 id="title">${words.helpTitle}</h2>
          <span>
            <button class="framed" @click=${this.#around}>${words.tourStart}</button>
            <button class="framed" @click=${() => this.#dialog?.close()}>${words.close}</button>
          </span>
        </div>
        <p>${words.whatFgsmIs}</p>
        <p><code>${words.formula}</code></p>
        <dl>
          ${words.helpTerms.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}
        </dl>
        <p>
          ${words.helpLimits}
          <a href=${PAPER} target="_blank" rel="noreferrer">Goodfellow et al. 2015</a>
        </p>
        <h3>${words.helpKeys}</h3>
        <dl>
          ${words.helpKeyList.map(
            ([keys, text]) =>
              html`<dt>${keys.split(" ").map((key) => html`<kbd>${key}</kbd> `)}</dt>
                <dd>${text}</dd>`,
          )}
        </dl>
      </dialog>
      <fgsm-tour
        .store=${this.store}
        .words=${words}
        @ended=${() => this.renderRoot.querySelector<HTMLElement>(".ask")?.focus()}
      ></fgsm-tour>
    `;
  }

  #around(): void {
    this.#dialog?.close();
    this.renderRoot.querySelector<Tour>("fgsm-tour")?.start();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  readonly #show = () => {
    if (this.#dialog?.open === false) this.#dialog.showModal();
  };

  /** A press beside the dialog closes it. */
  #outside(event: MouseEvent): void {
    const { left, right, top, bottom } = (this.#dialog as HTMLElement).getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    // A click made by a key has no place.
    if (event.detail > 0 && (x < left || x > right || y < top || y > bottom)) this.#dialog?.close();
  }

  /** Keys pressed in the dialog are none of the page's. */
  #keep(event: KeyboardEvent): void {
    event.stopPropagation();
  }
}

customElements.define("fgsm-help", Help);
