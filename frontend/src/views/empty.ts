import { html, type TemplateResult } from "lit";
import { SNIPPET } from "../model/snippet";
import { copyText } from "./clipboard";
import { DashboardElement } from "./element";
import { emptyStyle } from "./empty.style";
import { base, framed } from "./theme";

/** How long the button says that it has copied, in milliseconds. */
const COPIED = 2000;

/** What there is to see before anything was logged: how to log. */
export class Empty extends DashboardElement {
  static override properties = { copied: { state: true } };

  declare copied: boolean;

  #timer = 0;

  static override styles = [base, framed, emptyStyle];

  constructor() {
    super();
    this.copied = false;
  }

  override render(): TemplateResult {
    const { words } = this;
    return html`
      <h1>${words.emptyTitle}</h1>
      <p>${words.whatFgsmIs}</p>
      <p>${words.emptyText}</p>
      <div class="snippet framed">
        <pre tabindex="0">${SNIPPET}</pre>
        <button class="framed" aria-live="polite" @click=${this.#copy}>
          ${this.copied ? words.copied : words.copy}
        </button>
      </div>
    `;
  }

  async #copy(): Promise<void> {
    await copyText(SNIPPET, document.body);
    this.copied = true;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.copied = false;
    }, COPIED);
  }
}

customElements.define("fgsm-empty", Empty);
