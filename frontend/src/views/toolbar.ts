import { html, nothing, type TemplateResult } from "lit";
import { grouped } from "../model/format";
import { fullContrast, noise } from "../model/pixels";
import {
  NOISE_SCALES,
  type NoiseScale,
  picturedAt,
  SHAPES,
  type Shape,
  SIZES,
} from "../model/selection";
import type { RunView } from "../store";
import { picturedText } from "./coverage";
import { DashboardElement, data } from "./element";
import { cutName, longName } from "./long-name";
import { base, framed, range, segments, spotted } from "./theme";
import { toolbarStyle } from "./toolbar.style";

/** The line above the grid: how many samples it has of how many, and how they are shown. */
export class Toolbar extends DashboardElement {
  static override properties = {
    run: data,
    several: data,
    shown: data,
    standIn: data,
    epsilon: data,
    shape: data,
    noise: data,
    size: data,
    trueSize: data,
  };

  declare run: RunView;
  /** Whether there are other runs to tell this one from. */
  declare several: boolean;
  /** How many samples pass the filters; null where none can be shown. */
  declare shown: number | null;
  /** The step shown where it is not the one asked for, and why: [short, long]. */
  declare standIn: readonly [string, string] | null;
  declare epsilon: number;
  declare shape: Shape;
  declare noise: NoiseScale;
  declare size: number;
  declare trueSize: boolean;

  static override styles = [base, framed, longName, range, segments, spotted, toolbarStyle];

  override render(): TemplateResult {
    const { run } = this;
    return html`
      ${
        this.several
          ? html`<span
              class="spotted"
              data-mark=${run.mark}
              style="--colour: var(${run.colour})"
              title=${run.name}
              >${cutName(run.short, run.name)}</span
            >`
          : nothing
      }
      ${this.#count()}
      ${this.standIn ? html`<span class="muted" title=${this.standIn[1]}>${this.standIn[0]}</span>` : nothing}
      <span class="between"></span>
      ${this.shape === "triplet" ? this.#noise() : nothing} ${this.#shapes()} ${this.#size()}
    `;
  }

  /** How many of the samples that have pictures are shown. */
  #count(): TemplateResult | typeof nothing {
    const { words, shown } = this;
    const { record } = this.run;
    if (!record || shown === null) return nothing;
    const pictured = picturedText(record, words);
    const { chosen, per_class = false } = record;
    const weakest = chosen === "flipped-first" && !per_class;
    const among = weakest ? words.samplesWeakest : words.samplesPictured;
    const sentence = pictured ? among : words.samples;
    const hint = pictured ? [pictured.text, pictured.hint ?? ""].join("\n").trim() : nothing;
    return html`<span class="count" role="status" title=${hint}
      >${sentence(grouped(shown), grouped(record.samples.length))}</span
    >`;
  }

  #noise(): TemplateResult {
    const { words } = this;
    return html`
      <div class="noise" role="group" aria-label=${words.noiseScale} title=${words.noiseScaleHint}>
        ${words.noiseScale}
        <div class="segments">
          ${NOISE_SCALES.map(
            (times) => html`<button
              data-noise=${times ?? "full"}
              aria-pressed=${this.noise === times}
              @click=${() => this.store.select({ noise: times })}
            >
              ${times === null ? words.noiseFull : `×${times}`}
            </button>`,
          )}
        </div>
        ${this.#legend()}
      </div>
    `;
  }

  /** How −ε, 0 and +ε look now, and how many times enlarged that is. */
  #legend(): TemplateResult {
    const { record, at } = this.run;
    const epsilon = record && at ? picturedAt(record, at, this.epsilon) : this.epsilon;
    const table = noise(epsilon, this.noise);
    const swatches = [0, 1, 2].map((row) => html`<i style="--level: ${table[256 * row]}"></i>`);
    const times = this.noise ?? (epsilon > 0 ? fullContrast(epsilon) : null);
    return html`
      <span class="legend"
        >−ε<span aria-hidden="true">${swatches}</span>+ε
        <output>${times === null ? "" : `× ${Number(times.toPrecision(3))}`}</output></span
      >
    `;
  }

  #shapes(): TemplateResult {
    const { words } = this;
    const names: { [shape in Shape]: string } = {
      triplet: words.triplet,
      strip: words.strip,
      compare: words.compare,
      time: words.overTime,
    };
    return html`
      <div class="segments" role="group" aria-label=${words.shape}>
        ${SHAPES.map(
          (shape) => html`<button
            data-shape=${shape}
            aria-pressed=${this.shape === shape}
            @click=${() => this.store.select({ shape })}
          >
            ${names[shape]}
          </button>`,
        )}
      </div>
    `;
  }

  #size(): TemplateResult {
    const { words, trueSize } = this;
    const { least, most } = SIZES;
    return html`
      <div class="size">
        <label class="size">
          ${words.size}
          <input
            type="range"
            min=${least}
            max=${most}
            step="10"
            style="--fill: ${(100 * (this.size - least)) / (most - least)}%"
            .value=${String(this.size)}
            aria-valuetext=${words.sizeTold(String(this.size))}
            @input=${(event: Event) => {
              const size = Number((event.target as HTMLInputElement).value);
              this.store.select({ size, trueSize: false });
            }}
          />
        </label>
        <button
          class="framed"
          data-true-size
          aria-pressed=${trueSize}
          title=${words.trueSizeHint}
          @click=${() => this.store.select({ trueSize: !trueSize })}
        >
          ${words.trueSize}
        </button>
      </div>
    `;
  }
}

customElements.define("fgsm-toolbar", Toolbar);
