import { html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import type { Record, Sample } from "../model/record";
import { namer } from "../model/samples";
import type { Shape } from "../model/selection";
import { Dragging } from "./dragging";
import { DashboardElement, data } from "./element";
import { seek, sought } from "./sparkline";

/** What in a card has a click of its own. */
const CLICKED = "a, button, .seek, .strip .frame, .strip [data-side]";

/** What the cards of all shapes have in common: one sample, its name, and the way to see it closely. */
export class SampleCard extends DashboardElement {
  static override properties: { [name: string]: object } = {
    record: data,
    position: data,
    axis: data,
    shape: data,
    standIn: data,
    tabbed: data,
    epsilon: data,
  };

  declare record: Record;
  /** The sample's place in the record. */
  declare position: number;
  declare axis: Axis;
  declare shape: Shape;
  /** The step of these pictures where it is not the one asked for, and why: [short, long]. */
  declare standIn: readonly [string, string] | null;
  /** Whether it is the one card that Tab goes to; arrow keys go to the others. */
  declare tabbed: boolean;
  declare epsilon: number;

  readonly #dragging = new Dragging(this, (event) => this.#set(sought(this.axis, event)));

  constructor() {
    super();
    this.epsilon = 0;
    this.standIn = null;
    this.tabbed = false;
  }

  protected get sample(): Sample {
    return this.record.samples[this.position] as Sample;
  }

  protected get canvases(): NodeListOf<HTMLCanvasElement> {
    return this.renderRoot.querySelectorAll("canvas");
  }

  protected nameOf(number: number): string {
    return namer(this.record, this.words.unnamedClass)(number);
  }

  /** Where Tab goes in this card. */
  protected get tabindex(): 0 | -1 {
    return this.tabbed ? 0 : -1;
  }

  /** What scrolls is a stop by itself unless there is one within: in other cards it is none. */
  protected get scrolled(): -1 | typeof nothing {
    return this.tabbed ? nothing : -1;
  }

  /** The sample's name, which opens it. */
  protected heading(label: string): TemplateResult {
    return html`<h3 class="cut">
      <button
        class="open cut"
        tabindex=${this.tabindex}
        aria-haspopup="dialog"
        aria-label=${this.words.openSample(`#${this.sample.index}`, label)}
        title=${label}
        @click=${this.#look}
      >
        ${label}
      </button>
    </h3>`;
  }

  /** The step where it is another, and the sample's number. */
  protected origin(): TemplateResult {
    const { standIn } = this;
    return html`
      ${standIn ? html`<span class="stand-in" title=${standIn[1]}>${standIn[0]}</span>` : nothing}
      <span class="index" title=${this.words.sampleNumber}>#${this.sample.index}</span>
    `;
  }

  /** A curve, under a slider of epsilon. */
  protected curve(spark: TemplateResult, label: string): TemplateResult {
    const { axis, epsilon, tabbed, words } = this;
    const dragging = this.#dragging;
    const slider = { axis, epsilon, label: words.sparkSlider(label), tabbed, dragging };
    return html`<div class="curve">${spark} ${seek({ ...slider, set: this.#set })}</div>`;
  }

  readonly #set = (epsilon: number) => this.store.select({ epsilon });

  /** Takes the focus, in sight. */
  focusTitle(): void {
    this.renderRoot.querySelector<HTMLElement>(".open")?.focus({ preventScroll: true });
    this.scrollIntoView({ block: "nearest" });
  }

  /** Where a strip is wider than its card, brings the current picture into sight. */
  protected showCurrent(): void {
    const row = this.renderRoot.querySelector<HTMLElement>(".strip");
    const current = row?.querySelector<HTMLElement>("figure[aria-current]");
    if (!row || !current || row.scrollWidth <= row.clientWidth) return;
    row.scrollLeft = current.offsetLeft + (current.offsetWidth - row.clientWidth) / 2;
  }

  /** Looks closely at the sample. */
  readonly #look = () => this.store.select({ sample: this.sample.index });

  /** A click on the card, but for what in it has a click of its own. */
  protected readonly open = (event: MouseEvent): void => {
    const own = event.composedPath().some((at) => at instanceof Element && at.matches(CLICKED));
    // Who marks a name to copy it does not want to leave.
    if (!own && getSelection()?.isCollapsed !== false) this.#look();
  };
}
