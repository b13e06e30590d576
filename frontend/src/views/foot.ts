import { css, html, nothing, type TemplateResult } from "lit";
import { copyText } from "./clipboard";
import { DashboardElement } from "./element";
import "./language";
import { base, framed, small, unseen } from "./theme";

/** How long it is said that a link was copied, in milliseconds. */
const SAID = 2500;

/** The sidebar's foot: the other language, the view as it was at first, and a link to this one. */
export class Foot extends DashboardElement {
  static override properties = { said: { state: true }, link: { state: true } };

  /** What was done just now. */
  declare said: "viewReset" | "linkCopied" | null;
  /** The link, where the browser let us not copy it. */
  declare link: string | null;

  #timer = 0;

  static override styles = [
    base,
    framed,
    small,
    unseen,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
      }
      button {
        min-height: 24px;
        text-decoration: underline;
        text-decoration-color: var(--border);
        text-underline-offset: 3px;
      }
      button:hover {
        color: var(--text);
      }
      input {
        width: 100%;
        height: 28px;
        margin: 2px 0 4px;
        padding: 0 6px;
        color: var(--text);
      }
    `,
  ];

  constructor() {
    super();
    this.said = null;
    this.link = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const { store, words, said, link } = this;
    return html`
      ${
        link === null
          ? nothing
          : html`<input
              class="framed"
              readonly
              aria-label=${words.linkHere}
              .value=${link}
              @keydown=${this.#escape}
            />`
      }
      <div>
        <fgsm-language .store=${store} .words=${words}></fgsm-language>
        <button class="copy" title=${words.copyLinkHint} @click=${this.#copy}>
          ${said === "linkCopied" ? `✓ ${words.copied}` : words.copyLink}
        </button>
        <button class="reset" title=${words.resetViewHint} @click=${this.#reset}>
          ${words.resetView}
        </button>
      </div>
      <p class="unseen" role="status">${said === null ? "" : words[said]}</p>
    `;
  }

  #reset(): void {
    this.store.reset();
    this.#say("viewReset");
  }

  async #copy(): Promise<void> {
    const link = this.store.link();
    if (await copyText(link, this.renderRoot)) {
      this.link = null;
      this.#say("linkCopied");
      return;
    }
    this.link = link;
    await this.updateComplete;
    this.renderRoot.querySelector("input")?.select();
  }

  /** Takes the field away, and nothing else. */
  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.link = null;
    this.renderRoot.querySelector<HTMLElement>(".copy")?.focus();
  }

  #say(what: "viewReset" | "linkCopied"): void {
    this.said = what;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.said = null;
    }, SAID);
  }
}

customElements.define("fgsm-foot", Foot);
