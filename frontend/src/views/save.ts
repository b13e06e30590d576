import { html, nothing, type TemplateResult } from "lit";
import { arrange } from "../model/samples";
import type { Panel } from "../model/selection";
import type { Column } from "../model/training";
import type { RunView } from "../store";
import { download, exports, refusal } from "./download";
import { DashboardElement, data } from "./element";
import type { What } from "./exports";
import { saveStyle } from "./save.style";
import { base, framed, unseen } from "./theme";

/** A small menu of what can be taken along: the chart, the samples, the numbers as tables. */
export class Save extends DashboardElement {
  static override properties = {
    panel: data,
    runs: data,
    run: data,
    columns: data,
    opened: { state: true },
    busy: { state: true },
    said: { state: true },
    seen: { state: true },
  };

  declare panel: Panel;
  declare runs: readonly RunView[];
  declare run: RunView | null;
  declare columns: readonly Column[];
  declare opened: boolean;
  /** Whether a file is being made. */
  declare busy: boolean;
  declare said: string;
  declare seen: boolean;

  #ending: AbortController | null = null;

  static override styles = [base, framed, unseen, saveStyle];

  constructor() {
    super();
    this.opened = false;
    this.busy = false;
    this.said = "";
    this.seen = false;
  }

  override render(): TemplateResult {
    const { words, opened } = this;
    return html`
      <div @keydown=${this.#key} @focusout=${this.#leave}>
        <button
          class="ask framed"
          aria-label=${words.saveAs}
          title=${words.saveAs}
          aria-expanded=${opened}
          @click=${() => {
            this.opened = !opened;
            if (!this.busy) this.seen = false;
          }}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1v7M3 5l3 3 3-3M1 11h10" /></svg>
        </button>
        ${opened ? html`<div class="menu">${this.#choices()}</div>` : nothing}
      </div>
      <div class=${this.seen && !opened ? "menu told" : "unseen"}>
        <p role="status">${this.said}</p>
        ${
          this.busy && this.seen && !opened
            ? html`<button class="framed" @click=${this.#cancel}>${words.cancel}</button>`
            : nothing
        }
      </div>
    `;
  }

  /** What there is to save. */
  #choices(): TemplateResult[] {
    const { words, columns, run } = this;
    const waits = columns.some(({ shown, curve, error }) => shown !== null && !curve && !error);
    const choice = (what: What, text: string, able: boolean, hint?: string) => html`
      <button ?disabled=${!able || this.busy} title=${hint ?? nothing} @click=${() => this.#save(what)}>
        ${text}
      </button>
    `;
    const { record, at } = run ?? {};
    const known = record != null;
    const shown =
      record && at ? arrange(record, at.index, this.store.selection, words.unnamedClass) : [];
    return [
      choice("svg", words.saveChart("SVG"), known),
      choice("png", words.saveChart("PNG"), known),
      choice("sheet", words.saveSheet, shown.length > 0),
      choice("curve", words.saveCurve, known),
      choice("classes", words.saveClasses, known),
      choice("predictions", words.savePredictions, known),
      ...(record?.transfers ? [choice("transfers", words.saveTransfers, true)] : []),
      ...(record?.climb ? [choice("climb", words.saveClimb, true)] : []),
      ...(this.panel === "training"
        ? [
            choice(
              "training",
              words.saveTraining,
              !waits && columns.length > 0,
              waits ? words.savingWaits : undefined,
            ),
          ]
        : []),
    ];
  }

  async #save(what: What): Promise<void> {
    this.#close();
    this.busy = true;
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    try {
      const { make } = await exports();
      const { name, file, note } = await make(what, this, (text) => this.#tell(text, true), signal);
      signal.throwIfAborted();
      download(file, name);
      this.#tell([this.words.saved(name), note].filter((text) => text).join(". "), note !== "");
    } catch (error) {
      if (signal.aborted) this.#tell("", false);
      else this.#tell(refusal(error, this.store, this.words), true);
    }
    this.busy = false;
  }

  /** Ends the making of a file, at the next sample. */
  #cancel(): void {
    this.#ending?.abort();
    this.#close();
  }

  /** @param seen whether it is for the eyes, too: of what is saved the browser itself tells them */
  #tell(text: string, seen: boolean): void {
    this.said = text;
    this.seen = seen;
  }

  #close(): void {
    this.opened = false;
    this.seen = false;
    this.renderRoot.querySelector<HTMLElement>(".ask")?.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !(this.opened || this.seen)) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.opened) this.#close();
    else this.#cancel();
  }

  #leave(event: FocusEvent): void {
    const { currentTarget, relatedTarget } = event;
    const within = (currentTarget as Node).contains(relatedTarget as Node | null);
    if (within) return;
    if (relatedTarget) this.opened = false;
    if (!this.busy) this.seen = false;
  }
}

customElements.define("fgsm-save", Save);
