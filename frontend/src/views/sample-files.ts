import { css, html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import type { Decoded } from "../model/examples";
import { fileName } from "../model/file-name";
import type { Record, Sample } from "../model/record";
import { type Logged, type NoiseScale, picturedAt } from "../model/selection";
import type { RunView } from "../store";
import { copyText } from "./clipboard";
import { download, exports, refusal } from "./download";
import { DashboardElement, data } from "./element";
import type { Kind, Seen } from "./picture";
import { base, framed } from "./theme";

/** How long the button says that it has copied, in milliseconds. */
const COPIED = 2000;

/** What can be taken along of a sample: its pictures as files, a figure, a link. */
export class SampleFiles extends DashboardElement {
  static override properties = {
    run: data,
    record: data,
    sample: data,
    at: data,
    axis: data,
    epsilon: data,
    noise: data,
    decoded: data,
    copied: { state: true },
    refused: { state: true },
  };

  declare run: RunView;
  declare record: Record;
  declare sample: Sample;
  declare at: Logged;
  declare axis: Axis;
  declare epsilon: number;
  declare noise: NoiseScale;
  declare decoded: Decoded | undefined;
  declare copied: boolean;
  /** Why the last file could not be made. */
  declare refused: string;

  #timer = 0;

  static override styles = [
    base,
    framed,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      button {
        min-height: 26px;
        padding: 2px 9px !important;
        font-size: 12px;
      }
      .copy {
        min-width: 9ch;
        margin-left: auto;
        text-align: center;
      }
      span {
        color: var(--muted);
        font-size: 12px;
      }
    `,
  ];

  constructor() {
    super();
    this.copied = false;
    this.refused = "";
  }

  override render(): TemplateResult {
    const { words } = this;
    return html`
      ${typeof this.decoded === "object" ? this.#pictures() : nothing}
      <button class="framed copy" aria-live="polite" @click=${this.#copy}>
        ${this.copied ? words.copied : words.copyLink}
      </button>
    `;
  }

  #pictures(): TemplateResult {
    const { words, record } = this;
    const kinds: [Kind, string][] = [
      ["original", words.original],
      ["noise", words.noise],
      ["difference", words.differenceClipped],
      ["adversarial", words.adversarial],
    ];
    const own = kinds.filter(([kind]) => kind !== "noise" || record.pictures !== "each");
    return html`
      <span aria-hidden="true">${words.saveAsPng}</span>
      ${own.map(
        ([kind, name]) => html`<button
          class="framed"
          data-save=${kind}
          aria-label=${words.savePicture(name)}
          @click=${() => this.#savePicture(kind)}
        >
          ${name}
        </button>`,
      )}
      <button
        class="framed"
        data-save="figure"
        aria-label=${words.savePicture(words.figure)}
        title=${words.figureHint}
        @click=${() => this.#savePicture("figure")}
      >
        ${words.figure}
      </button>
      <span role="status">${this.refused}</span>
    `;
  }

  get #seen(): Seen {
    const { record, at, epsilon, noise } = this;
    return { decoded: this.decoded as Seen["decoded"], record, at, epsilon, noise };
  }

  /** Saves a picture, or the figure: of now, also when epsilon moves on while it is made. */
  async #savePicture(kind: Kind | "figure"): Promise<void> {
    const { run, store, sample, axis, words } = this;
    const [name, seen] = [this.#fileName(kind), this.#seen];
    const key = { run: run.name, tag: store.view.tag ?? "", step: run.step ?? 0 };
    this.refused = "";
    try {
      const { drawn, figurePng, pngOf, sampleFigure } = await exports();
      const draw = (kind: Kind) => drawn(kind, seen);
      const file =
        kind === "figure"
          ? figurePng(sampleFigure(key, sample, seen, axis, words, draw))
          : pngOf(draw(kind));
      download(await file, name);
    } catch (error) {
      this.refused = refusal(error, store, words);
    }
  }

  #fileName(what: string): string {
    const { run, store, record, at, epsilon, sample } = this;
    return fileName(
      {
        ...{ what, run: run.name, tag: store.view.tag ?? "", step: run.step ?? 0 },
        sample: sample.index,
        // The original is the same at every epsilon.
        ...(what === "original" ? {} : { epsilon: picturedAt(record, at, epsilon) }),
      },
      "png",
    );
  }

  readonly #copy = async ({ currentTarget }: Event) => {
    await copyText(this.store.link(), this.renderRoot);
    (currentTarget as HTMLElement | null)?.focus();
    this.copied = true;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.copied = false;
    }, COPIED);
  };
}

customElements.define("fgsm-sample-files", SampleFiles);
