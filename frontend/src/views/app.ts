import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { grouped } from "../model/format";
import type { Caveat } from "../model/record";
import type { Failure } from "../model/run";
import type { RunView, Store, View } from "../store";
import { appStyle, STRIP } from "./app.style";
import "./empty";
import type { Filters } from "./filters";
import "./grid";
import type { Grid } from "./grid";
import type { Kept } from "./kept";
import "./language";
import "./notice";
import { data, firstPaint } from "./element";
import "./warnings";
import { base, framed, unseen } from "./theme";

/** No warnings: always the same object, so that nothing is rendered anew for it. */
const NONE: readonly Caveat[] = [];

/** What is told where a part of the dashboard did not come. */
const UNANSWERED: Failure = { status: 0, message: "" };

/** The dashboard: the sidebar, the chart with its sliders and numbers, and the grid of samples. */
export class App extends LitElement {
  static override properties = {
    store: data,
    dark: data,
    open: { state: true },
    folded: { state: true },
    lost: { state: true },
  };

  declare store: Store;
  declare dark: boolean;
  /** Whether the sidebar is unfolded where there is no room for it. */
  declare open: boolean;
  /** Whether the large card is scrolled out of sight, and a strip stands for it. */
  declare folded: boolean;
  /** Whether what is looked at after the first pictures could not be loaded. */
  declare lost: boolean;

  static override styles = [base, framed, unseen, appStyle];

  constructor() {
    super();
    this.open = false;
    this.folded = false;
    this.lost = false;
  }

  readonly #update = () => this.requestUpdate();
  /** Whether there is room for the sidebar beside the rest; app.style.ts has the same width. */
  readonly #wide = matchMedia("(min-width: 960px)");
  readonly #widened = () => {
    if (this.#wide.matches) this.open = false;
  };
  /** Looks whether the large card is in sight; above it lies what stands for it. */
  #sight: IntersectionObserver | null = null;
  /** The sample in sight: another run's grid begins there. */
  readonly #kept: Kept = { sample: null, offset: 0 };
  /** The card that is looked at. */
  #card: Element | null = null;
  readonly #reload = () => {
    if (this.lost) void this.#loadRest();
  };
  readonly #key = (event: KeyboardEvent) => {
    if (this.open && event.key === "Escape") this.#unfold(false);
    if (event.key === "/" && !isTyping(event)) {
      event.preventDefault();
      void this.#find();
    }
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.store.addEventListener("change", this.#update);
    this.store.addEventListener("reload", this.#reload);
    this.#wide.addEventListener("change", this.#widened);
    window.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.store.removeEventListener("change", this.#update);
    this.store.removeEventListener("reload", this.#reload);
    this.#wide.removeEventListener("change", this.#widened);
    window.removeEventListener("keydown", this.#key);
    this.#sight?.disconnect();
    this.#sight = null;
    this.#card = null;
  }

  override render(): TemplateResult {
    const { store } = this;
    const { view } = store;
    const { words } = store.voice;
    if (view.listing === null) {
      return view.error
        ? html`<main class="alone">
            <h1 class="unseen">FGSM</h1>
            <fgsm-notice .store=${store} .words=${words} .error=${view.error}></fgsm-notice>
            <fgsm-language .store=${store} .words=${words}></fgsm-language>
          </main>`
        : this.#outline();
    }
    if (view.tag === null) {
      return html`<main class="alone">
        <fgsm-empty .store=${store} .words=${words}></fgsm-empty>
        <fgsm-language .store=${store} .words=${words}></fgsm-language>
      </main>`;
    }
    return html`${this.#sidebar(view)} ${this.#main(view)} ${this.#sample(view)}`;
  }

  override updated(_changed: PropertyValues): void {
    this.#watch();
    const { documentElement: page } = document;
    // Even set to what it is, the language has the browser restyle the whole page.
    const { language } = this.store.voice;
    if (page.lang !== language) page.lang = language;
    void this.#tellReady();
  }

  /** Tells whether nothing more is on its way. */
  async #tellReady(): Promise<void> {
    const { store } = this;
    const known = () => (store.view.listing ?? store.view.error) !== null;
    if (store.view.listing && !this.lost) await this.#loadRest();
    // After the elements below have had their turn, which may find something more to fetch.
    setTimeout(() => this.toggleAttribute("data-ready", store.idle && known()));
  }

  /** Loads what is looked at after the first pictures. */
  async #loadRest(): Promise<void> {
    await firstPaint();
    try {
      await import("./rest");
      this.lost = false;
    } catch (error) {
      console.error(error);
      this.lost = true;
    }
  }

  /** Observes the large card, which is another element after there was none. */
  #watch(): void {
    const card = this.renderRoot.querySelector(".top:not(.outline *)");
    if (card === this.#card) return;
    this.#card = card;
    this.#sight?.disconnect();
    this.#sight = null;
    this.folded = false;
    const root = this.renderRoot.querySelector("main");
    if (!card || !root) return;
    this.#sight = new IntersectionObserver(
      (seen) => {
        this.folded = seen.at(-1)?.isIntersecting === false;
      },
      { root, rootMargin: `-${STRIP}px 0px 0px` },
    );
    this.#sight.observe(card);
  }

  /** The layout's own outline; it shows only when the first answer is slow. */
  #outline(): TemplateResult {
    return html`
      <aside class="outline" aria-hidden="true"></aside>
      <main class="outline" aria-busy="true"><h1 class="unseen">FGSM</h1><div class="top"></div>${this.#ghosts()}</main>
      `;
  }

  /** The outline of the grid, while a record is on its way for longer than one notices. */
  #ghosts(): TemplateResult {
    return html`<div class="outline ghosts" aria-busy="true">
      ${[1, 2, 3, 4].map(() => html`<div></div>`)}
    </div>`;
  }

  #sidebar(view: View): TemplateResult {
    const { store } = this;
    const { selection } = store;
    const { words } = store.voice;
    return html`
      <aside class=${this.open ? "open" : ""}>
        <button class="fold framed" @click=${() => this.#unfold(false)}>${words.close}</button>
        <div class="scroll">
        <fgsm-runs .store=${store} .words=${words} .runs=${view.runs} .step=${view.step}></fgsm-runs>
        <fgsm-filters
          .store=${store}
          .words=${words}
          .tags=${view.tags}
          .tag=${view.tag}
          .run=${view.focus}
          .decimals=${view.axis.decimals}
          .show=${selection.show}
          .label=${selection.label}
          .predicted=${selection.predicted}
          .text=${selection.text}
          .flips=${selection.flips}
          .disagree=${selection.disagree}
          .sort=${selection.sort}
          .reversed=${selection.reversed}
          .held=${store.held}
        ></fgsm-filters>
        </div>
        <fgsm-print
          .store=${store}
          .words=${words}
          .most=${view.listing?.kept ?? 0}
          .run=${view.focus}
          .noise=${selection.noise}
        ></fgsm-print>
      </aside>
      <div class="veil" ?hidden=${!this.open} @click=${() => this.#unfold(false)}></div>
    `;
  }

  #main(view: View): TemplateResult {
    const { store } = this;
    const { selection } = store;
    const { words } = store.voice;
    const { focus, steps, step, axis, blank, epsilon, runs } = view;
    const error = view.error ?? (this.lost ? UNANSWERED : null);
    const several = runs.filter((run) => run.drawn).length > 1;
    return html`
      <main class=${this.open ? "still" : ""}>
        <h1 class="unseen">FGSM</h1>
        <div class="column" ?inert=${this.open}>
        <button class="unfold framed" aria-expanded=${this.open} @click=${() => this.#unfold(true)}>
          <span aria-hidden="true">☰</span> ${words.panel}
        </button>
        ${
          error
            ? html`<fgsm-notice .store=${store} .words=${words} .error=${error}></fgsm-notice>`
            : nothing
        }
          <div class="top ${selection.panel}">
            <fgsm-panels
              .store=${store}
              .words=${words}
              .panel=${selection.panel}
              .runs=${runs}
              .run=${focus}
              .axis=${axis}
              .blank=${blank}
              .epsilon=${epsilon}
              .steps=${steps}
              .step=${step}
              .columns=${view.columns}
              .label=${selection.label}
              .predicted=${selection.predicted}
              .flips=${selection.flips}
              .held=${store.held}
              .dark=${this.dark}
            ></fgsm-panels>
            <fgsm-numbers
              .store=${store}
              .words=${words}
              .epsilon=${epsilon}
              .axis=${axis}
              .blank=${blank}
              .run=${focus}
              .several=${several}
            ></fgsm-numbers>
          </div>
          <fgsm-folded
            .store=${store}
            .words=${words}
            .epsilon=${epsilon}
            .axis=${axis}
            .run=${focus}
            ?hidden=${!this.folded || blank}
          ></fgsm-folded>
        ${focus ? this.#samples(view, focus, several) : nothing}
        </div>
      </main>
    `;
  }

  #samples(view: View, focus: RunView, several: boolean): TemplateResult | typeof nothing {
    const { store } = this;
    const { selection } = store;
    const { words } = store.voice;
    if (focus.error) {
      return html`<fgsm-notice
        .store=${store}
        .words=${words}
        .error=${focus.error}
        .previous=${focus.previousStep}
      ></fgsm-notice>`;
    }
    if (focus.step === null && focus.firstStep !== null) {
      const first = focus.firstStep;
      return html`<div class="early">
        ${words.before(focus.name, grouped(first))}
        <button class="framed" @click=${() => store.select({ step: first })}>
          ${words.showStep(grouped(first))}
        </button>
      </div>`;
    }
    if (!focus.record) return store.idle ? nothing : this.#ghosts();
    return html`
      <fgsm-warnings .words=${words} .caveats=${focus.record.warnings ?? NONE}></fgsm-warnings>
      <fgsm-grid
        .store=${store}
        .words=${words}
        .run=${focus}
        .runs=${view.runs}
        .sides=${view.sides}
        .stages=${view.stages}
        .ownSteps=${view.ownSteps}
        .against=${selection.against}
        .step=${view.step}
        .several=${several}
        .axis=${view.axis}
        .epsilon=${view.epsilon}
        .show=${selection.show}
        .label=${selection.label}
        .predicted=${selection.predicted}
        .text=${selection.text}
        .flips=${selection.flips}
        .disagree=${selection.disagree}
        .sort=${selection.sort}
        .reversed=${selection.reversed}
        .held=${store.held}
        .shape=${selection.shape}
        .noise=${selection.noise}
        .size=${selection.size}
        .trueSize=${selection.trueSize}
        .kept=${this.#kept}
        .arrivals=${store.pictures.version}
      ></fgsm-grid>
    `;
  }

  /** From the close look back to the card of the sample that was looked at last. */
  readonly #backToCard = ({ detail }: CustomEvent<number | null>) => {
    void this.renderRoot.querySelector<Grid>("fgsm-grid")?.focusSample(detail);
  };

  /** The sample that is looked at closely, if one is. */
  #sample(view: View): TemplateResult {
    const { store } = this;
    const { selection } = store;
    const { words } = store.voice;
    return html`<fgsm-sample
      .store=${store}
      .words=${words}
      .sample=${selection.sample}
      .run=${view.focus}
      .tag=${view.tag}
      .step=${view.step}
      .axis=${view.axis}
      .epsilon=${view.epsilon}
      .noise=${selection.noise}
      .stages=${view.stages}
      .sides=${view.elsewhere}
      .compared=${selection.shape === "compare" ? view.sides : null}
      .show=${selection.show}
      .label=${selection.label}
      .predicted=${selection.predicted}
      .text=${selection.text}
      .flips=${selection.flips}
      .disagree=${selection.disagree}
      .sort=${selection.sort}
      .reversed=${selection.reversed}
      .held=${store.held}
      .arrivals=${store.pictures.version}
      @left=${this.#backToCard}
    ></fgsm-sample>`;
  }

  /** Goes to the field for text, wherever it is. */
  async #find(): Promise<void> {
    if (!this.#wide.matches) this.open = true;
    await this.updateComplete;
    await this.#loadRest();
    if (!this.lost) this.renderRoot.querySelector<Filters>("fgsm-filters")?.focusText();
  }

  #unfold(open: boolean): void {
    this.open = open;
    void this.updateComplete.then(() => {
      const target = open ? "aside .fold" : ".unfold";
      this.renderRoot.querySelector<HTMLElement>(target)?.focus();
    });
  }
}

/** Whether a key is for a field, or for the browser. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  return target instanceof HTMLElement && target.matches("input:not([type=range]), select");
}

customElements.define("fgsm-app", App);
