import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Axis } from "../model/axis";
import { grouped, harmless, percent } from "../model/format";
import { fitPicture } from "../model/layout";
import { partnerOf } from "../model/partners";
import type { Record, Sample } from "../model/record";
import { namer, predictionAt, type SampleState, stateOf } from "../model/samples";
import { loggedAt, type Selection } from "../model/selection";
import type { Side } from "../model/sides";
import { wipe } from "./canvas";
import { DashboardElement, data } from "./element";
import { heading } from "./legend.style";
import { cutName, longName } from "./long-name";
import { paintPicture } from "./picture";
import { PLACE, sampleOthersStyle } from "./sample-others.style";
import { base, marked } from "./theme";

const SIGNS: { readonly [state in SampleState]: string } = { flipped: "✕", right: "✓", wrong: "–" };

/** The same sample at other steps of the run, and in other runs: what became of it there. */
export class SampleOthers extends DashboardElement {
  static override properties = {
    record: data,
    position: data,
    stages: data,
    sides: data,
    axis: data,
    epsilon: data,
    arrivals: data,
  };

  declare record: Record;
  declare position: number;
  declare stages: readonly Side[];
  declare sides: readonly Side[];
  declare axis: Axis;
  declare epsilon: number;
  declare arrivals: number;

  static override styles = [base, marked, longName, heading, sampleOthersStyle];

  override render(): TemplateResult {
    const { words, stages, sides } = this;
    return html`
      ${stages.length > 1 ? this.#list(words.otherSteps, stages) : nothing}
      ${sides.length > 1 ? this.#list(words.otherRuns, sides) : nothing}
    `;
  }

  override updated(changed: PropertyValues): void {
    for (const canvas of this.renderRoot.querySelectorAll("canvas")) {
      if (changed.has("position") || changed.has("record")) wipe(canvas);
      this.#paint(canvas);
    }
  }

  #list(label: string, sides: readonly Side[]): TemplateResult {
    return html`
      <h3>${label}</h3>
      <ul aria-label=${label}>
        ${repeat(
          sides,
          ({ key, kind }) => JSON.stringify([kind, key]),
          (side) => html`<li>${this.#tile(side)}</li>`,
        )}
      </ul>
    `;
  }

  #tile(side: Side): TemplateResult {
    const { record } = side;
    const position = record && partnerOf(this.record, this.position, record);
    if (!record || position === null) return this.#missing(side);
    const { words, epsilon } = this;
    const sample = record.samples[position] as Sample;
    const { index } = loggedAt(record.epsilons, epsilon);
    const state = stateOf(sample, index);
    const { classes, probabilities } = predictionAt(sample, index);
    const said = namer(record, words.unnamedClass)(classes[0]);
    const surety = percent(probabilities[0] ?? 0, 0);
    const states = {
      flipped: words.stateFlipped,
      right: words.stateRight,
      wrong: words.stateWrong,
    };
    const told = `${said} ${surety}, ${states[state]}`;
    const name = words.ofSide(this.#way(side), told);
    return html`<button
      class=${state}
      title=${name}
      aria-current=${side.current ? "true" : nothing}
      @click=${() => this.#go(side, sample)}
    >
      ${this.#where(side)}
      <span class="place">${this.#picture(side, record, position)}</span>
      <span class="said">
        <span class="sign" aria-hidden="true">${SIGNS[state]}</span>
        <span class="unseen">${states[state]}:</span>
        <span class="cut">${said}</span>
        <span>${surety}</span>
      </span>
    </button>`;
  }

  /** Where the sample is not, and why. */
  #missing(side: Side): TemplateResult {
    const { words } = this;
    const why = side.error
      ? words.cannotBeRead
      : side.record
        ? words.notLoggedThere
        : words.loading;
    return html`<div class="nothing">${this.#where(side)}<span class="place">${why}</span></div>`;
  }

  #where(side: Side): TemplateResult {
    if (side.kind !== "run") {
      return html`<span class="where"><span class="cut">${this.#name(side)}</span></span>`;
    }
    return html`<span
      class="where spot"
      data-mark=${side.mark}
      style="--colour: var(${side.colour})"
      title=${side.name}
      >${cutName(side.short, side.name)}</span
    >`;
  }

  #name({ kind, name, key }: Side): string {
    return kind === "run" ? harmless(name) : this.words.atStep(grouped(key.step));
  }

  #way({ kind, name, key }: Side): string {
    const { goToRun, goToStep } = this.words;
    return kind === "run" ? goToRun(harmless(name)) : goToStep(grouped(key.step));
  }

  #picture({ stamp }: Side, { picture }: Record, position: number): TemplateResult {
    const { width, height, crisp } = fitPicture(picture, PLACE, devicePixelRatio);
    return html`<canvas
      data-stamp=${stamp}
      data-position=${position}
      width=${picture.width}
      height=${picture.height}
      style="width: ${width}px; height: ${height}px;
        image-rendering: ${crisp ? "pixelated" : "auto"}"
    ></canvas>`;
  }

  #paint(canvas: HTMLCanvasElement): void {
    const { stamp = "", position } = canvas.dataset;
    const record = [...this.stages, ...this.sides].find((side) => side.stamp === stamp)?.record;
    const decoded = this.store.pictures.peek(Number(position), stamp);
    if (!record || typeof decoded !== "object") return;
    const { epsilon } = this;
    const at = loggedAt(record.epsilons, epsilon);
    paintPicture(canvas, "adversarial", { decoded, record, at, epsilon, noise: null });
  }

  #go({ kind, key }: Side, { index }: Sample): void {
    const there: Partial<Selection> = kind === "run" ? { run: key.run } : { step: key.step };
    this.store.select({ ...there, sample: index });
  }
}

customElements.define("fgsm-sample-others", SampleOthers);
