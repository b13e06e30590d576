import { css, html, nothing, type TemplateResult } from "lit";
import { DashboardElement } from "./element";
import { base, framed } from "./theme";

const PAPER = "https://arxiv.org/abs/1412.6572";

/** What each stop is about: the first of these that the page has. */
const PLACES: readonly (readonly string[])[] = [
  ["fgsm-card .row", "fgsm-card article", "fgsm-comparison article", "fgsm-grid"],
  ["fgsm-panels fgsm-epsilon", "fgsm-epsilon"],
  ["fgsm-card .pill", "fgsm-comparison .pill", "fgsm-grid"],
  ["fgsm-panels #panel"],
  ["fgsm-panels #panel"],
  ["fgsm-numbers"],
  ["fgsm-panels [role=tablist]"],
  ["fgsm-numbers"],
];

/** How far the card stays from the window's edges and from what it tells of, in CSS pixels. */
const AWAY = 12;

/** A short look around the page, one thing after another: offered once, and never forced. */
export class Tour extends DashboardElement {
  static override properties = {
    ...DashboardElement.properties,
    stop: { state: true },
    offering: { state: true },
  };

  /** The stop at which it is; null where nobody looks around. */
  declare stop: number | null;
  declare offering: boolean;

  static override styles = [
    base,
    framed,
    css`
      [popover] {
        position: fixed;
        inset: auto;
        margin: 0;
        border-radius: 8px;
      }
      .card {
        width: min(340px, calc(100vw - 24px));
        padding: 12px 16px 14px;
        border: 1px solid var(--control);
        background: var(--surface);
        color: var(--text);
      }
      .card:focus {
        outline: none;
      }
      .around {
        padding: 0;
        border: 2px solid var(--accent);
        background: none;
        pointer-events: none;
      }
      h2 {
        color: var(--text);
        font-size: 14px;
        letter-spacing: 0;
        line-height: 20px;
        text-transform: none;
      }
      p {
        margin: 6px 0 10px;
        text-wrap: pretty;
      }
      code {
        font: 12px var(--mono);
      }
      a {
        color: inherit;
      }
      .ways {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      .ways span {
        margin-right: auto;
        color: var(--muted);
        font-size: 12px;
      }
    `,
  ];

  constructor() {
    super();
    this.stop = null;
    this.offering = false;
  }

  readonly #place = () => this.#arrange();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("resize", this.#place);
    window.addEventListener("scroll", this.#place, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("resize", this.#place);
    window.removeEventListener("scroll", this.#place, true);
  }

  /** Begins to look around. */
  start(): void {
    void this.#go(0);
  }

  override willUpdate(): void {
    if (!this.hasUpdated) this.offering = this.store.first("toured");
  }

  override render(): TemplateResult {
    const { stop, words } = this;
    if (stop === null) return this.offering ? this.#offer() : html``;
    const last = words.tourStops.length - 1;
    const [title, text] = words.tourStops[stop] ?? ["", ""];
    return html`
      <div class="around" popover="manual" aria-hidden="true"></div>
      <div
        class="card"
        popover="manual"
        role="dialog"
        aria-labelledby="title"
        aria-describedby="text"
        tabindex="-1"
        @keydown=${this.#key}
      >
        <h2 id="title">${title}</h2>
        <p id="text">
          ${text}
          ${stop === 0 ? html`<br /><code>${words.formula}</code>` : nothing}
          ${
            stop === last
              ? html`<a href=${PAPER} target="_blank" rel="noreferrer">Goodfellow et al. 2015</a>`
              : nothing
          }
        </p>
        <div class="ways">
          <span>${words.tourStep(String(stop + 1), String(last + 1))}</span>
          ${
            stop > 0
              ? html`<button class="framed" @click=${() => this.#go(stop - 1)}>${words.tourBack}</button>`
              : nothing
          }
          ${
            stop < last
              ? html`<button class="framed" @click=${() => this.#go(stop + 1)}>${words.tourNext}</button>`
              : nothing
          }
          <button class="framed" @click=${this.#end}>${words.close}</button>
        </div>
      </div>
    `;
  }

  #offer(): TemplateResult {
    const { words } = this;
    return html`<div class="card" popover="manual" role="region" aria-label=${words.tourOffer}>
      <p>${words.tourOffer}</p>
      <div class="ways">
        <span></span>
        <button class="framed" @click=${this.start}>${words.tourStart}</button>
        <button class="framed" @click=${this.#end}>${words.tourNo}</button>
      </div>
    </div>`;
  }

  override updated(): void {
    for (const each of this.renderRoot.querySelectorAll<HTMLElement>("[popover]")) {
      if (!each.matches(":popover-open")) each.showPopover();
    }
    this.#arrange();
  }

  async #go(stop: number): Promise<void> {
    this.offering = false;
    this.stop = stop;
    this.#target?.scrollIntoView({ block: "nearest" });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".card")?.focus();
  }

  readonly #end = () => {
    this.stop = null;
    this.offering = false;
    this.dispatchEvent(new CustomEvent("ended"));
  };

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "Escape") this.#end();
  }

  /** What the stop is about. */
  get #target(): Element | null {
    const app = document.querySelector("fgsm-app");
    const places = this.stop === null ? [] : (PLACES[this.stop] ?? []);
    return places.map((place) => within(app, place.split(" "))).find((found) => found) ?? null;
  }

  /** Puts the frame around what the stop is about, and the card below, above or beside it. */
  #arrange(): void {
    const card = this.renderRoot.querySelector<HTMLElement>(".card");
    if (!card) return;
    const { width, height } = card.getBoundingClientRect();
    const about = this.#target?.getBoundingClientRect();
    const frame = this.renderRoot.querySelector<HTMLElement>(".around");
    if (frame) frame.style.display = about ? "" : "none";
    if (!about) {
      put(card, innerWidth - AWAY - width, innerHeight - AWAY - height);
      return;
    }
    if (frame) {
      put(frame, about.left - 4, about.top - 4);
      frame.style.width = `${about.width + 4}px`;
      frame.style.height = `${about.height + 4}px`;
    }
    const below = about.bottom + AWAY;
    const fits = below + height <= innerHeight - AWAY;
    const top = fits ? below : Math.max(AWAY, about.top - AWAY - height);
    put(card, Math.max(AWAY, Math.min(about.left, innerWidth - AWAY - width)), top);
  }
}

function put({ style }: HTMLElement, left: number, top: number): void {
  style.left = `${left}px`;
  style.top = `${top}px`;
}

/** The first element below another that these selectors lead to, through shadow roots. */
function within(root: Element | null, [first, ...rest]: readonly string[]): Element | null {
  if (!root || first === undefined) return root;
  const found = [...inside(root, first)];
  for (const each of found) {
    const deeper = within(each, rest);
    if (deeper) return deeper;
  }
  return null;
}

function* inside(root: Element, selector: string): Generator<Element> {
  for (const parent of [root.shadowRoot, root]) {
    if (!parent) continue;
    for (const each of parent.querySelectorAll("*")) {
      if (each.matches(selector)) yield each;
      else if (each.shadowRoot) yield* inside(each, selector);
    }
  }
}

customElements.define("fgsm-tour", Tour);
