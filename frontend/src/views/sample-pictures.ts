import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import type { Decoded } from "../model/examples";
import { percent } from "../model/format";
import { shades } from "../model/pair";
import type { Prediction, Record, Sample } from "../model/record";
import { namer, predictionAt, stateOf } from "../model/samples";
import type { Logged, NoiseScale } from "../model/selection";
import {
  type Frame,
  panned,
  pixelAt,
  place,
  revealing,
  WHOLE,
  type Zoom,
  zoomed,
} from "../model/zoom";
import { wipe } from "./canvas";
import { damage } from "./damage";
import { anyOf, DashboardElement, data, measured } from "./element";
import { Gestures } from "./gestures";
import { keyTarget } from "./keys";
import { type Kind, paintPicture, type Seen } from "./picture";
import { readout, toldPixel } from "./pixel";
import { onResize } from "./resizing";
import { sampleBar } from "./sample-bar";
import { samplePicturesStyle } from "./sample-pictures.style";
import "./swipe";
import { epsilonStandIn } from "./stand-in";
import { base, framed, segments, unseen } from "./theme";

/** How far a key moves the pictures, as a share of a box, and how many times as near it goes. */
const STEP = 0.1;
const NEARER = 1.25;

/** A pixel smaller than this, in CSS pixels, is marked by a frame around it. */
const LEAST_MARK = 7;

/** How the pictures lie: the formula, or original and adversarial over each other. */
export type Arrangement = "row" | "swipe";

/** A sample's pictures, large, under one zoom and pan. */
export class SamplePictures extends DashboardElement {
  static override properties = {
    record: data,
    sample: data,
    at: data,
    axis: data,
    epsilon: data,
    noise: data,
    decoded: data,
    arrangement: { state: true },
    middle: { state: true },
    blinking: { state: true },
    zoom: measured,
    box: measured,
    pixel: measured,
    told: { state: true },
  };

  declare record: Record;
  declare sample: Sample;
  declare at: Logged;
  declare axis: Axis;
  declare epsilon: number;
  declare noise: NoiseScale;
  declare decoded: Decoded | undefined;
  declare arrangement: Arrangement;
  declare middle: "noise" | "difference";
  /** Whether the original is in the adversarial picture's place. */
  declare blinking: boolean;
  declare zoom: Zoom;
  /** The size of each box that a picture is seen through. */
  declare box: { readonly width: number; readonly height: number };
  /** The pixel that is pointed at. */
  declare pixel: { readonly x: number; readonly y: number } | null;
  /** What is announced of a pixel that one went to by keyboard. */
  declare told: string;

  readonly #gestures = new Gestures({
    pan: (by) => this.#move(panned(this.#frame, this.zoom, by)),
    zoom: (by, about) => this.#move(zoomed(this.#frame, this.zoom, by, about)),
    point: (at) => {
      this.pixel = at && pixelAt(this.#frame, this.zoom, at);
      this.told = "";
    },
  });

  static override styles = [base, framed, segments, unseen, samplePicturesStyle];

  constructor() {
    super();
    this.arrangement = "row";
    this.middle = "noise";
    this.blinking = false;
    this.zoom = WHOLE;
    this.box = { width: 1, height: 1 };
    this.pixel = null;
    this.told = "";
    onResize(this, () => this.#measure());
  }

  /** Zooms in or out about the middle. */
  nearer(times: number): void {
    const about = { x: this.box.width / 2, y: this.box.height / 2 };
    this.#move(zoomed(this.#frame, this.zoom, NEARER ** times, about));
  }

  /** Shows the pictures whole. */
  whole(): void {
    this.#move(WHOLE);
  }

  get #frame(): Frame {
    return { picture: this.record.picture, box: this.box, ratio: devicePixelRatio };
  }

  get #seen(): Seen | null {
    const { decoded, record, at, epsilon, noise } = this;
    return typeof decoded === "object" ? { decoded, record, at, epsilon, noise } : null;
  }

  /** Of an attack with a picture for each epsilon there is no noise but the difference. */
  get #middle(): "noise" | "difference" {
    return this.record.pictures === "each" ? "difference" : this.middle;
  }

  override willUpdate(changed: PropertyValues): void {
    const before = changed.get("record") as Record | undefined;
    const { width, height } = this.record.picture;
    if (before && (before.picture.width !== width || before.picture.height !== height)) {
      this.zoom = WHOLE;
      this.pixel = null;
    }
  }

  override render(): TemplateResult {
    const { words, record, pixel } = this;
    const seen = this.#seen;
    const pointed =
      seen && pixel ? readout(seen, pixel, shades(record.picture), words) : words.noPixel;
    return html`
      ${sampleBar(this.#barred())}
      <div
        class="stage ${this.arrangement}"
        tabindex="0"
        role="application"
        aria-label=${words.pictures}
        aria-describedby="hint"
        data-zoomed=${this.zoom.factor > 1 || nothing}
        style="--ratio: ${record.picture.width} / ${record.picture.height}"
        @keydown=${this.#key}
        @keyup=${this.#keyUp}
        @focusout=${this.#release}
      >
        ${this.arrangement === "swipe" ? this.#swipe() : this.#row()}
      </div>
      <p id="hint" class="unseen">${words.picturesHint}</p>
      <p class="readout">${pointed}</p>
      <p class="unseen" role="status">${this.told}</p>
    `;
  }

  override updated(changed: PropertyValues): void {
    if (this.decoded === undefined && anyOf(changed, "sample")) {
      for (const canvas of this.#canvases) wipe(canvas);
    }
    if (anyOf(changed, "arrangement", "record")) this.#measure();
    const seen = this.#seen;
    if (!seen) return;
    for (const canvas of this.#canvases) {
      const kind = canvas.dataset["kind"] as Kind;
      paintPicture(canvas, kind === "adversarial" && this.blinking ? "original" : kind, seen);
    }
  }

  get #canvases(): NodeListOf<HTMLCanvasElement> {
    return this.renderRoot.querySelectorAll("canvas");
  }

  #barred() {
    const { store, words, record, at, epsilon, noise, arrangement, blinking } = this;
    const { scale } = place(this.#frame, this.zoom);
    return {
      ...{ words, record, at, epsilon, noise, arrangement, blinking, middle: this.#middle },
      scale: scale * devicePixelRatio,
      arrange: (arrangement: Arrangement) => {
        this.arrangement = arrangement;
      },
      show: (middle: "noise" | "difference") => {
        this.middle = middle;
      },
      magnify: (noise: NoiseScale) => store.select({ noise }),
      nearer: (times: number) => this.nearer(times),
      whole: () => this.whole(),
      blink: (on: boolean) => {
        this.blinking = on;
      },
    };
  }

  #row(): TemplateResult {
    const { sample, at, words } = this;
    const middle = this.#middle;
    return html`
      ${this.#figure("original", words.original, sample.clean)}
      <span class="operator" aria-hidden="true">+</span>
      ${this.#figure(middle, this.#middleName(middle), middle === "noise" ? sample.noise : null)}
      <span class="operator" aria-hidden="true">=</span>
      ${this.#adversarial(predictionAt(sample, at.index))}
    `;
  }

  #middleName(middle: "noise" | "difference"): string {
    const { words, record } = this;
    if (middle === "difference") return words.differenceClipped;
    return words.noiseGiven(record.attack.target ? "−ε · sign ∇J(target)" : "ε · sign ∇J");
  }

  #adversarial(now: Prediction): TemplateResult {
    const { words } = this;
    return this.#figure("adversarial", this.blinking ? words.original : words.adversarial, now);
  }

  #figure(kind: Kind, name: string, said: Prediction | null): TemplateResult {
    const fooled = kind === "adversarial" && stateOf(this.sample, this.at.index) === "flipped";
    return html`
      <figure class=${fooled ? "fooled" : ""}>
        ${this.#box(html`${this.#picture(kind, name)}${this.#mark()}`, kind)}
        ${this.#caption(kind, name, said)}
      </figure>
    `;
  }

  /** What a picture is seen through, and dragged and zoomed by. */
  #box(within: TemplateResult, kind: Kind | "both"): TemplateResult {
    const { down, move, up, leave, wheel } = this.#gestures;
    return html`<div
      class="box"
      data-box=${kind}
      @pointerdown=${down}
      @pointermove=${move}
      @lostpointercapture=${up}
      @pointerleave=${leave}
      @wheel=${wheel}
    >
      ${within}
    </div>`;
  }

  #picture(kind: Kind, name: string): TemplateResult {
    const { decoded, record, words } = this;
    if (typeof decoded === "string") {
      const damaged = decoded === "direction" ? this.#middle : decoded;
      return kind === damaged ? damage(decoded, words) : html`<p class="damage"></p>`;
    }
    const { width, height } = record.picture;
    const { left, top, scale } = place(this.#frame, this.zoom);
    const crisp = scale * devicePixelRatio >= 1;
    return html`<canvas
      data-kind=${kind}
      data-shows=${kind === "adversarial" && this.blinking ? "original" : kind}
      width=${width}
      height=${height}
      ?data-stale=${decoded === undefined}
      role="img"
      aria-label=${name}
      style="width: ${width * scale}px; height: ${height * scale}px;
        transform: translate(${left}px, ${top}px); image-rendering: ${crisp ? "pixelated" : "auto"}"
    ></canvas>`;
  }

  /** A frame around the pixel that is pointed at, in all pictures. */
  #mark(): TemplateResult | typeof nothing {
    const { pixel } = this;
    if (!pixel) return nothing;
    const { left, top, scale } = place(this.#frame, this.zoom);
    const side = Math.max(scale, LEAST_MARK);
    const at = (from: number, pixel: number) => from + (pixel + 0.5) * scale - side / 2;
    return html`<i
      class="mark"
      style="width: ${side}px; height: ${side}px;
        transform: translate(${at(left, pixel.x)}px, ${at(top, pixel.y)}px)"
    ></i>`;
  }

  #caption(kind: Kind, name: string, said: Prediction | null): TemplateResult {
    const { words, at, axis, record } = this;
    const text = said ? namer(record, words.unnamedClass)(said.classes[0]) : "";
    const hint = kind === "adversarial" ? epsilonStandIn(at, axis, words) : null;
    return html`
      <figcaption>
        <span class="kind">${name}</span>
        <span class="said" title=${text}>${text}</span>
        <span class="surety" title=${hint ?? nothing}>
          ${said ? percent(said.probabilities[0] ?? 0) : ""}${hint ? "*" : ""}
        </span>
      </figcaption>
    `;
  }

  #swipe(): TemplateResult {
    const { words, sample, at } = this;
    const now = predictionAt(sample, at.index);
    const damaged = typeof this.decoded === "string";
    return html`
      <div class="both">
        ${
          damaged
            ? this.#box(damage(this.decoded as "original", words), "both")
            : this.#box(
                html`<fgsm-swipe .words=${words} .store=${this.store}>
                  <div slot="original">${this.#picture("original", words.original)}</div>
                  <div slot="adversarial">${this.#picture("adversarial", words.adversarial)}</div>
                  ${this.#mark()}
                </fgsm-swipe>`,
                "both",
              )
        }
        <div class="captions">
          ${this.#caption("original", words.original, sample.clean)}
          ${this.#caption("adversarial", words.adversarial, now)}
        </div>
      </div>
    `;
  }

  #measure(): void {
    const box = this.renderRoot.querySelector<HTMLElement>(".box");
    if (box) this.box = { width: box.clientWidth, height: box.clientHeight };
  }

  #move(zoom: Zoom): void {
    this.zoom = zoom;
  }

  #key(event: KeyboardEvent): void {
    // The divider has keys of its own.
    if (event.defaultPrevented) return;
    const { width, height } = this.box;
    const [x, y] = [STEP * width, STEP * height];
    const go = event.shiftKey
      ? (dx: number, dy: number) => this.#goTo(dx, dy)
      : (dx: number, dy: number) =>
          this.#move(panned(this.#frame, this.zoom, { x: -dx * x, y: -dy * y }));
    keyTarget<() => void>(event, {
      ArrowLeft: () => go(-1, 0),
      ArrowRight: () => go(1, 0),
      ArrowUp: () => go(0, -1),
      ArrowDown: () => go(0, 1),
      " ": () => {
        this.blinking = true;
      },
    })?.();
  }

  readonly #keyUp = ({ key }: KeyboardEvent) => {
    if (key === " ") this.blinking = false;
  };

  readonly #release = () => {
    this.blinking = false;
  };

  /** Goes from pixel to pixel, from the middle on, and tells what is there. */
  #goTo(dx: number, dy: number): void {
    const { width, height } = this.record.picture;
    const middle = pixelAt(this.#frame, this.zoom, {
      x: this.box.width / 2,
      y: this.box.height / 2,
    });
    const from = this.pixel ?? middle ?? { x: 0, y: 0 };
    const to = (at: number, most: number) => Math.min(most - 1, Math.max(0, at));
    const pixel = this.pixel ? { x: to(from.x + dx, width), y: to(from.y + dy, height) } : from;
    this.pixel = pixel;
    this.zoom = revealing(this.#frame, this.zoom, pixel);
    const seen = this.#seen;
    this.told = seen ? toldPixel(seen, pixel, shades(this.record.picture), this.words) : "";
  }
}

customElements.define("fgsm-sample-pictures", SamplePictures);
