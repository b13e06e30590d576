import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { comparisons, DASHES } from "../model/comparisons";
import { grouped } from "../model/format";
import { partlyPictured, type Range } from "../model/samples";
import type { Panel } from "../model/selection";
import type { Column } from "../model/training";
import { panelsOf } from "../model/transfers";
import type { RunView } from "../store";
import "./chart";
import "./classes";
import "./embedding";
import "./epsilon";
import "./help";
import { DashboardElement, data } from "./element";
import { keyTarget } from "./keys";
import { panelsStyle } from "./panels.style";
import "./save";
import "./steps";
import { base, segments } from "./theme";
import "./training";
import "./transfers";

/** The panels below which the epsilon slider has an axis of its own. */
const WITHOUT_AXIS: readonly Panel[] = ["classes", "embedding", "transfer"];

/**
 * What the large card shows of the model: three views of its accuracy, where samples lie for it if that
 * was logged, and the two sliders.
 */
export class Panels extends DashboardElement {
  static override properties = {
    panel: data,
    runs: data,
    run: data,
    axis: data,
    blank: data,
    epsilon: data,
    steps: data,
    step: data,
    columns: data,
    label: data,
    predicted: data,
    flips: data,
    held: data,
    dark: data,
  };

  declare panel: Panel;
  declare runs: readonly RunView[];
  /** The one in focus. */
  declare run: RunView | null;
  declare axis: Axis;
  declare blank: boolean;
  declare epsilon: number;
  declare steps: readonly number[];
  declare step: number | null;
  /** The accuracies at the steps. */
  declare columns: readonly Column[];
  declare label: number | null;
  declare predicted: number | null;
  declare flips: Range | null;
  declare held: boolean;
  declare dark: boolean;

  static override styles = [base, segments, panelsStyle];

  override render(): TemplateResult {
    const { store, words } = this;
    const panel = this.#shown;
    return html`
      <div class="line">
        ${this.#tabs()}${this.#note()}<fgsm-save
          .store=${store}
          .words=${words}
          .panel=${panel}
          .runs=${this.runs}
          .run=${this.run}
          .columns=${this.columns}
        ></fgsm-save><fgsm-help .store=${store} .words=${words}></fgsm-help>
      </div>
      <div
        id="panel"
        role="tabpanel"
        aria-labelledby="tab-${panel}"
        class=${WITHOUT_AXIS.includes(panel) ? "with-epsilon" : ""}
      >
        ${this.#panel()}${WITHOUT_AXIS.includes(panel) ? this.#epsilon() : nothing}
      </div>
      ${
        this.steps.length > 1
          ? html`<fgsm-steps
              .store=${store}
              .words=${words}
              .steps=${this.steps}
              .step=${this.step}
              ?columns=${panel === "training"}
            ></fgsm-steps>`
          : nothing
      }
    `;
  }

  /** The selected one, if there is anything to show in it. */
  get #shown(): Panel {
    return this.#panels.includes(this.panel) ? this.panel : "epsilon";
  }

  #tabs(): TemplateResult {
    const { words } = this;
    const names: { [panel in Panel]: string } = {
      epsilon: words.panelEpsilon,
      training: words.panelTraining,
      classes: words.panelClasses,
      embedding: words.panelEmbedding,
      transfer: words.panelTransfer,
    };
    return html`
      <div class="segments" role="tablist" aria-label=${words.panels} @keydown=${this.#key}>
        ${this.#panels.map(
          (panel) => html`
            <button
              id="tab-${panel}"
              role="tab"
              aria-selected=${this.#shown === panel}
              aria-controls="panel"
              tabindex=${this.#shown === panel ? 0 : -1}
              @click=${() => this.store.select({ panel })}
            >
              ${names[panel]}
            </button>
          `,
        )}
      </div>
    `;
  }

  /** Those that there are: some only where the logger was asked for it. */
  get #panels(): readonly Panel[] {
    return panelsOf(this.run?.record, this.panel);
  }

  /** What the panel is of, where its title does not say it all. */
  #note(): TemplateResult | typeof nothing {
    const { words, run } = this;
    const record = run?.record;
    if (run && this.#shown === "training") return this.#ramp(run);
    if (run && this.#shown === "epsilon") return this.#legend(run);
    if (record?.embedding && this.#shown === "embedding") return this.#states();
    if (!record || this.#shown !== "classes") return nothing;
    if (!partlyPictured(record)) return nothing;
    const { samples, count, classes = [] } = record;
    if (classes.length > 0) {
      const hint = samples.length > 0 ? words.clickPictured : nothing;
      return html`<span class="note cut" title=${hint}>${words.overAll(grouped(count))}</span>`;
    }
    if (samples.length === 0) return nothing;
    const text = words.picturedOnly(grouped(samples.length), grouped(count));
    return html`<span class="note cut" title=${text}>${text}</span>`;
  }

  /** What the chart's lines and bars are. */
  #legend({ colour, record }: RunView): TemplateResult | typeof nothing {
    if (!record) return nothing;
    const { words } = this;
    const line = (dash: readonly number[]) => svg`<line x1="0" x2="22" y1="5" y2="5"
      stroke-dasharray=${dash.join(" ")} />`;
    const bars = svg`<path d="M2 10V5h4v5zM9 10V1h4v9zM16 10V7h4v3z" />`;
    const keys: [string, SVGTemplateResult][] = [[words.underAttack, line([])]];
    for (const { name } of comparisons(record)) keys.push([words[name], line(DASHES[name])]);
    if (record.attack.refine) keys.push([words.whereFlips, bars]);
    return html`
      <span class="note key" style="--colour: var(${colour})">
        ${keys.map(
          ([text, drawn]) => html`<span
            ><svg viewBox="0 0 22 10" aria-hidden="true">${drawn}</svg>${text}</span
          >`,
        )}
      </span>
    `;
  }

  /** What the points of embedded samples mean, besides their classes. */
  #states(): TemplateResult {
    const { words } = this;
    const ring = svg`<circle cx="11" cy="5" r="3.8" fill="none" />`;
    const full = svg`<circle cx="11" cy="5" r="3.8" fill="currentColor" />`;
    const dotted = svg`${ring}<circle cx="11" cy="5" r="1.5" fill="var(--flipped)" stroke="none" />`;
    const keys = [
      [words.embeddingRight, full],
      [words.embeddingHasFlipped, dotted],
      [words.embeddingWrong, ring],
    ] as const;
    return html`
      <span class="note key" style="--colour: currentColor">
        ${keys.map(
          ([text, drawn]) => html`<span
            ><svg viewBox="0 0 22 10" aria-hidden="true">${drawn}</svg>${text}</span
          >`,
        )}
      </span>
    `;
  }

  /** What the colours of the map mean, and its axis. */
  #ramp({ colour }: RunView): TemplateResult {
    return html`
      <span class="note legend">
        <span>${this.axis.decimals ? "ε" : "ε × 255"} ↑</span>
        <span class="cut">${this.words.accuracy}</span>
        <span>0</span><i class="drawn" style="--colour: var(${colour})"></i><span>100 %</span>
      </span>
    `;
  }

  #panel(): TemplateResult {
    const { store, words } = this;
    if (this.#shown === "training") {
      return html`<fgsm-training
        .store=${store}
        .words=${words}
        .columns=${this.columns}
        .run=${this.run}
        .axis=${this.axis}
        .step=${this.step}
        .epsilon=${this.epsilon}
        .dark=${this.dark}
      ></fgsm-training>`;
    }
    if (this.#shown === "transfer") {
      return html`<fgsm-transfers
        .store=${store}
        .words=${words}
        .run=${this.run}
        .axis=${this.axis}
      ></fgsm-transfers>`;
    }
    if (this.#shown === "classes") {
      return html`<fgsm-classes
        .store=${store}
        .words=${words}
        .run=${this.run}
        .label=${this.label}
        .predicted=${this.predicted}
        .held=${this.held}
      ></fgsm-classes>`;
    }
    if (this.#shown === "embedding") {
      return html`<fgsm-embedding
        .store=${store}
        .words=${words}
        .run=${this.run}
        .axis=${this.axis}
        .epsilon=${this.epsilon}
        .label=${this.label}
        .dark=${this.dark}
      ></fgsm-embedding>`;
    }
    return html`<fgsm-chart
      .store=${store}
      .words=${words}
      .runs=${this.runs}
      .axis=${this.axis}
      .blank=${this.blank}
      .epsilon=${this.epsilon}
      .flips=${this.flips}
      .dark=${this.dark}
    ></fgsm-chart>`;
  }

  /** The epsilon slider on an axis of its own, where the panel has none. */
  #epsilon(): TemplateResult {
    const { store, words } = this;
    return html`
      <div class="epsilon">
        <span aria-hidden="true">ε</span>
        <div class="track">
          ${
            this.blank
              ? nothing
              : html`<fgsm-epsilon
                  plain
                  .store=${store}
                  .words=${words}
                  .axis=${this.axis}
                  .epsilon=${this.epsilon}
                  .run=${this.run}
                ></fgsm-epsilon>`
          }
        </div>
      </div>
    `;
  }

  #key(event: KeyboardEvent): void {
    const panels = this.#panels;
    const place = panels.indexOf(this.#shown);
    const target = keyTarget(event, {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      Home: 0,
      End: panels.length - 1,
    });
    if (target === undefined) return;
    const panel = panels.at(target % panels.length) as Panel;
    this.store.select({ panel });
    this.renderRoot.querySelector<HTMLElement>(`#tab-${panel}`)?.focus();
  }
}

customElements.define("fgsm-panels", Panels);
