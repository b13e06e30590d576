import { css, html, type TemplateResult } from "lit";
import { DashboardElement } from "./element";
import { base, small } from "./theme";

/** The switch to the other language, in that language. */
export class LanguageSwitch extends DashboardElement {
  static override styles = [
    base,
    small,
    css`
      button {
        min-height: 24px;
        color: inherit;
        text-decoration: underline;
        text-decoration-color: var(--border);
        text-underline-offset: 3px;
      }
      button:hover {
        color: var(--text);
      }
    `,
  ];

  override render(): TemplateResult {
    const { store, words } = this;
    const other = store.voice.language === "en" ? "ko" : "en";
    return html`
      <button lang=${other} title=${words.languageHint} @click=${() => store.voice.speak(other)}>
        ${words.language}
      </button>
    `;
  }
}

customElements.define("fgsm-language", LanguageSwitch);
