import { html, type TemplateResult } from "lit";
import { DashboardElement } from "./element";
import { base, framed } from "./theme";
import "./tour";
import { helpStyle } from "./help.style";
import type { Tour } from "./tour";

const PAPER = "https://arxiv.org/abs/1412.6572";

/** The "?": what the words of the dashboard mean, and its keys, in a dialog. */
export class Help extends DashboardElement {
  static override styles = [base, framed, helpStyle];

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
