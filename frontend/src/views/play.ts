import { css, html, svg, type TemplateResult } from "lit";
import { DashboardElement } from "./element";
import { type Played, type Player, playerOf } from "./player";
import { base } from "./theme";

const PLAY = svg`<path d="M2.5 1v10l8-5z" />`;
const PAUSE = svg`<path d="M2 1h3v10H2zM7 1h3v10H7z" />`;

/** The button that has epsilon or the steps move by themselves, and stand again. */
export class Play extends DashboardElement {
  static override properties = { what: { type: String } };

  declare what: Played;

  #player: Player | null = null;
  readonly #update = () => this.requestUpdate();

  static override styles = [
    base,
    css`
      :host {
        flex: none;
      }
      button {
        display: grid;
        place-items: center;
        width: 24px;
        height: 24px;
        border-radius: 4px;
        color: var(--muted);
      }
      button:hover {
        background: var(--raised);
        color: var(--text);
      }
      svg {
        width: 12px;
        height: 12px;
        fill: currentcolor;
      }
      .on {
        color: var(--accent);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#player?.removeEventListener("change", this.#update);
    this.#player = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  override willUpdate(): void {
    if (this.#player || !this.isConnected) return;
    this.#player = playerOf(this.store);
    this.#player.addEventListener("change", this.#update);
  }

  override render(): TemplateResult {
    const { words, what } = this;
    const playing = this.#player?.playing === what;
    const play = what === "epsilon" ? words.playEpsilon : words.playSteps;
    const name = playing ? words.pause : play;
    return html`<button
      class=${playing ? "on" : ""}
      data-play=${what}
      aria-label=${name}
      title=${name}
      @click=${() => this.#player?.toggle(what)}
    ><svg viewBox="0 0 12 12" aria-hidden="true">${playing ? PAUSE : PLAY}</svg></button>`;
  }
}

customElements.define("fgsm-play", Play);
