import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import {
  anchorsOf,
  beginnings,
  bordersOf,
  type Cell,
  type Cells,
  cellsOf,
  columnAt,
  type Layer,
  layersOf,
  middleOf,
  moved,
  placeText,
  type Region,
  regionsOf,
  toldAt,
} from "../model/cross-section";
import { fileName } from "../model/file-name";
import { grouped, harmless, percent } from "../model/format";
import type { CrossSection, Record, Sample } from "../model/record";
import { namer } from "../model/samples";
import type { RunView } from "../store";
import { crossSectionStyle } from "./cross-section.style";
import { download, exports, refusal } from "./download";
import { anyOf, DashboardElement, data } from "./element";
import { keyTarget } from "./keys";
import { legend } from "./legend.style";
import { title } from "./pill";
import { base, framed } from "./theme";

const PAPER = "https://doi.org/10.7551/mitpress/10761.001.0001";

/** All that does not change while one points. */
interface Drawn {
  readonly cells: Cells;
  readonly regions: readonly Region[];
  readonly layers: readonly Layer[];
  readonly borders: string;
}

/** What the model says on a square through a sample, a class a colour: a church window. */
export class CrossSectionView extends DashboardElement {
  static override properties = {
    run: data,
    record: data,
    sample: data,
    axis: data,
    epsilon: data,
    drawn: { state: true },
    damaged: { state: true },
    cell: { state: true },
    refused: { state: true },
  };

  declare run: RunView;
  declare record: Record;
  declare sample: Sample;
  declare axis: Axis;
  declare epsilon: number;
  /** Null until the picture is decoded. */
  declare drawn: Drawn | null;
  declare damaged: boolean;
  /** The cell that is pointed at, or that the keys have gone to; null for the original. */
  declare cell: Cell | null;
  /** Why the picture could not be saved. */
  declare refused: string;

  /** The stored section that is drawn, or being decoded. */
  #section: CrossSection | null = null;

  static override styles = [base, framed, legend, crossSectionStyle];

  constructor() {
    super();
    this.drawn = null;
    this.damaged = false;
    this.cell = null;
    this.refused = "";
  }

  override willUpdate(changed: PropertyValues): void {
    const section = this.sample.section ?? null;
    if (!anyOf(changed, "sample", "record") || section === this.#section) return;
    this.#section = section;
    this.drawn = null;
    this.damaged = false;
    this.cell = null;
    if (section) void this.#read(section);
  }

  async #read(section: CrossSection): Promise<void> {
    const { sample, record } = this;
    const levels = await this.store.pictures.levelsOf(section.picture, section.side);
    if (this.#section !== section) return;
    const cells = levels && cellsOf(section, record.epsilons.at(-1) ?? 0, levels);
    this.damaged = !cells;
    if (!cells) return;
    const regions = regionsOf(cells, sample.label);
    const layers = layersOf(cells, regions);
    this.drawn = { cells, regions, layers, borders: bordersOf(cells) };
  }

  override render(): TemplateResult {
    const { words, drawn } = this;
    const heading = html`<h3>${words.sectionTitle}</h3>`;
    if (this.damaged) return html`${heading}<p role="alert">${words.sectionDamaged}</p>`;
    return html`
      ${heading}
      <div class="sides">
        <div>
          <div class="axis" aria-hidden="true"><span>↑ ${words.sectionAcrossAxis}</span></div>
          <div
            class="square"
            role="application"
            tabindex="0"
            aria-label="${words.sectionTitle}: ${words.sectionKeys}"
            aria-roledescription=${words.section}
            @pointermove=${this.#point}
            @pointerdown=${this.#point}
            @pointerleave=${this.#leave}
            @keydown=${this.#key}
          >
            ${drawn ? this.#picture(drawn) : html`<svg aria-hidden="true"></svg>`}
          </div>
          ${this.#ends()}
          <output class="readout" aria-live="polite">${drawn ? this.#told(drawn.cells) : nothing}</output>
        </div>
        <div>
          ${drawn ? html`<p class="says">${this.#sentences(drawn.cells).join(" ")}</p>${this.#legend(drawn)}` : nothing}
          <p class="hint">
            ${words.sectionHint}
            <a href=${PAPER} target="_blank" rel="noopener">${words.sectionSource}</a>
          </p>
          <button
            class="framed"
            data-save="cross-section"
            aria-label=${words.savePicture(words.section)}
            ?disabled=${!drawn}
            @click=${this.#save}
          >
            ${words.saveAsPng}
          </button>
          <span role="status">${this.refused}</span>
        </div>
      </div>
    `;
  }

  #picture({ cells, regions, layers, borders }: Drawn): TemplateResult {
    const { side } = cells;
    const middle = side / 2;
    const radius = side / 55;
    const logged = this.record.epsilons.filter((epsilon) => epsilon > 0);
    const rings = logged.map((epsilon) => columnAt(cells, epsilon));
    const cross = `M${middle - 2 * radius} ${middle}h${4 * radius}M${middle} ${middle - 2 * radius}v${4 * radius}`;
    const ring = (x: number, name: string) =>
      svg`<circle class=${name} cx=${x} cy=${middle} r=${radius} />`;
    return html`<svg viewBox="0 0 ${side} ${side}" aria-hidden="true">
      ${layers.map(
        ({ region, strength, path }) => svg`<path
          class="cells"
          data-class=${regions[region]?.label ?? "others"}
          style="--colour: var(${regions[region]?.colour})"
          fill-opacity=${strength.toFixed(2)}
          d=${path}
        />`,
      )}
      <path class="border" d=${borders} />
      <path class="halo" d=${cross} />
      ${rings.map((x) => ring(x, "halo"))}
      <path class="mark" d=${cross} />
      ${rings.map((x) => ring(x, "mark"))}
      ${ring(columnAt(cells, Math.min(this.epsilon, cells.epsilon)), "now")}
      ${anchorsOf(cells, regions).map(
        ({ region, x, y }) => svg`<text
          x=${x}
          y=${y}
          font-size=${side / 21}
          stroke-width=${side / 90}
        >
          ${region + 1}
        </text>`,
      )}
      ${this.#pointed(cells)}
    </svg>`;
  }

  /** A frame around the cell that is read off. */
  #pointed({ side }: Cells): TemplateResult | typeof nothing {
    if (!this.cell) return nothing;
    const { column, row } = this.cell;
    const frame = (name: string) =>
      svg`<rect class=${name} x=${column} y=${side - 1 - row} width="1" height="1" />`;
    return svg`${frame("halo")}${frame("mark cell")}`;
  }

  /** What the ends of the axis are. */
  #ends(): TemplateResult {
    const { words, record, axis } = this;
    const most = record.epsilons.at(-1) ?? 0;
    const text = (place: number) => placeText(place, axis.decimals);
    return html`<div class="axis" aria-hidden="true">
      <span>${text(-most)}</span><span>${words.sectionAlongAxis} →</span><span>${text(most)}</span>
    </div>`;
  }

  #legend({ regions }: Drawn): TemplateResult {
    const { words, sample } = this;
    return html`<ul aria-label=${words.sectionClasses}>
      ${regions.map(({ label, classes, colour, area }, place) => {
        const name = label === null ? words.sectionOthers(grouped(classes)) : this.#named(label);
        const own = label === sample.label;
        return html`<li data-class=${label ?? "others"}>
          <i style="--colour: var(${colour})">${place + 1}</i>
          <span class="name"
            >${name} ${own ? html`<small>${words.trueClassMark}</small>` : nothing}</span
          >
          <span>${percent(area)}</span>
        </li>`;
      })}
    </ul>`;
  }

  /** Where another class begins, each way. */
  #sentences(cells: Cells): readonly string[] {
    const { words, axis } = this;
    const text = (epsilon: number) => placeText(epsilon, axis.decimals);
    const of = (direction: string, begins: number | null) =>
      begins === null
        ? words.sectionStays(direction, text(cells.epsilon))
        : words.sectionBegins(direction, text(begins));
    const { along, across } = beginnings(cells);
    return [of(words.sectionGradient, along), of(words.sectionRandom, across)];
  }

  /** What the model says in the cell that is read off. */
  #told(cells: Cells): string {
    const { words, axis } = this;
    const { along, across, label, share } = toldAt(cells, this.cell ?? middleOf(cells));
    const [name, sure] = [this.#named(label), percent(share, 0)];
    if (along === 0 && across === 0) return words.sectionOriginal(name, sure);
    const text = (place: number) => placeText(place, axis.decimals);
    return words.sectionCell(text(along), text(across), name, sure);
  }

  #named(label: number): string {
    return namer(this.record, this.words.unnamedClass)(label);
  }

  #point(event: PointerEvent): void {
    const side = this.drawn?.cells.side;
    const picture = this.renderRoot.querySelector("svg");
    if (!side || !picture) return;
    const { left, top, width, height } = picture.getBoundingClientRect();
    const column = Math.floor(((event.clientX - left) / width) * side);
    const row = side - 1 - Math.floor(((event.clientY - top) / height) * side);
    const last = side - 1;
    this.cell = {
      column: Math.min(last, Math.max(0, column)),
      row: Math.min(last, Math.max(0, row)),
    };
  }

  #leave({ pointerType }: PointerEvent): void {
    // A finger that is lifted has left what it pointed at to be read.
    if (pointerType !== "touch") this.cell = null;
  }

  #key(event: KeyboardEvent): void {
    const cells = this.drawn?.cells;
    if (!cells) return;
    const go = (dx: number, dy: number) => () => moved(cells, this.cell ?? middleOf(cells), dx, dy);
    const target = keyTarget<() => Cell | null>(event, {
      ArrowLeft: go(-1, 0),
      ArrowRight: go(1, 0),
      ArrowUp: go(0, 1),
      ArrowDown: go(0, -1),
      Home: () => null,
    });
    if (target) this.cell = target();
  }

  async #save(): Promise<void> {
    const { drawn, words, store, run, record, sample, axis } = this;
    if (!drawn) return;
    const place = { run: run.name, tag: store.view.tag ?? "", step: run.step ?? 0 };
    this.refused = "";
    try {
      const { sectionPng } = await exports();
      const name = (label: number) => this.#named(label);
      const of = [`#${sample.index}`, harmless(place.run), harmless(place.tag)];
      const file = await sectionPng({
        ...drawn,
        title: title(sample, namer(record, words.unnamedClass)),
        says: this.#sentences(drawn.cells),
        note: [...of, words.atStep(grouped(place.step)), words.sectionSource].join(" · "),
        names: drawn.regions.map(({ label, classes }) =>
          label === null ? words.sectionOthers(grouped(classes)) : name(label),
        ),
        epsilons: record.epsilons.filter((epsilon) => epsilon > 0),
        decimals: axis.decimals,
        words,
      });
      download(file, fileName({ what: "cross-section", ...place, sample: sample.index }, "png"));
    } catch (error) {
      this.refused = refusal(error, store, words);
    }
  }
}

customElements.define("fgsm-cross-section", CrossSectionView);
