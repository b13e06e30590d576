import { css, html, nothing, type TemplateResult } from "lit";
import { type Cell, classTable, csv, curveRows, trainingRows } from "../model/csv";
import { fileName } from "../model/file-name";
import { namer } from "../model/samples";
import type { Panel } from "../model/selection";
import type { Column } from "../model/training";
import type { RunView } from "../store";
import { DashboardElement, data } from "./element";
import { base, framed, unseen } from "./theme";

/** A small menu that saves what the large card shows: its numbers as tables. */
export class Save extends DashboardElement {
  static override properties = {
    panel: data,
    runs: data,
    run: data,
    columns: data,
    opened: { state: true },
    said: { state: true },
  };

  declare panel: Panel;
  declare runs: readonly RunView[];
  declare run: RunView | null;
  declare columns: readonly Column[];
  declare opened: boolean;
  declare said: string;

  static override styles = [
    base,
    framed,
    unseen,
    css`
      :host {
        position: relative;
      }
      .ask {
        display: grid;
        place-items: center;
        width: 24px;
        height: 24px;
        padding: 0 !important;
        border-color: var(--control);
        border-radius: 50%;
      }
      svg {
        width: 12px;
        height: 12px;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.5;
      }
      .menu {
        position: absolute;
        z-index: 3;
        top: 28px;
        right: 0;
        display: grid;
        padding: 4px;
        border: 1px solid var(--control);
        border-radius: 6px;
        background: var(--surface);
        white-space: nowrap;
      }
      .menu button {
        min-height: 28px;
        padding: 4px 10px;
        border-radius: 4px;
      }
      .menu button:hover:enabled {
        background: var(--raised);
      }
      .menu button:disabled {
        color: var(--dim);
        cursor: default;
      }
    `,
  ];

  constructor() {
    super();
    this.opened = false;
    this.said = "";
  }

  override render(): TemplateResult {
    const { words, opened, panel } = this;
    const known = this.run?.record != null;
    const waits = this.columns.some(
      ({ shown, curve, error }) => shown !== null && !curve && !error,
    );
    return html`
      <div @keydown=${this.#key} @focusout=${this.#leave}>
        <button
          class="ask framed"
          aria-label=${words.saveAs}
          title=${words.saveAs}
          aria-expanded=${opened}
          @click=${() => {
            this.opened = !opened;
          }}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M6 1v7M3 5l3 3 3-3M1 11h10" /></svg>
        </button>
        ${
          opened
            ? html`<div class="menu">
                <button ?disabled=${!known} @click=${this.#curve}>${words.saveCurve}</button>
                <button ?disabled=${!known} @click=${this.#classes}>${words.saveClasses}</button>
                ${
                  panel === "training"
                    ? html`<button
                        ?disabled=${waits || this.columns.length === 0}
                        title=${waits ? words.savingWaits : nothing}
                        @click=${this.#training}
                      >
                        ${words.saveTraining}
                      </button>`
                    : nothing
                }
              </div>`
            : nothing
        }
      </div>
      <p class="unseen" role="status">${this.said}</p>
    `;
  }

  get #tag(): string {
    return this.store.view.tag ?? "";
  }

  #curve(): void {
    const drawn = this.runs.filter((run) => run.record);
    this.#table("accuracy", curveRows(drawn, this.#tag));
  }

  #classes(): void {
    const { run, words } = this;
    if (!run?.record) return;
    const index = run.at?.index ?? -1;
    const rows = classTable(run, this.#tag, index, namer(run.record, words.unnamedClass));
    this.#table("classes", rows, run.record.epsilons[index] ?? 0);
  }

  #training(): void {
    this.#table("training", trainingRows(this.run?.name ?? "", this.#tag, this.columns));
  }

  #table(what: string, rows: Cell[][], epsilon?: number): void {
    const { run } = this;
    const place = { what, run: run?.name ?? "", tag: this.#tag, step: run?.step ?? 0 };
    const name = fileName(epsilon === undefined ? place : { ...place, epsilon }, "csv");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv(rows)], { type: "text/csv;charset=utf-8" }));
    link.download = name;
    link.click();
    // The browser reads it after the click is over.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    this.said = this.words.saved(name);
    this.#close();
  }

  #close(): void {
    this.opened = false;
    this.renderRoot.querySelector<HTMLElement>(".ask")?.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.opened) return;
    event.preventDefault();
    event.stopPropagation();
    this.#close();
  }

  #leave(event: FocusEvent): void {
    const { currentTarget, relatedTarget } = event;
    const within = (currentTarget as Node).contains(relatedTarget as Node | null);
    if (relatedTarget && !within) this.opened = false;
  }
}

customElements.define("fgsm-save", Save);
