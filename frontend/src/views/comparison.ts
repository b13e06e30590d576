import { html, nothing, type TemplateResult } from "lit";
import { type Beside, beside, turnBetween } from "../model/beside";
import { type Decoded, exampleAt } from "../model/examples";
import { epsilonText, grouped, percent } from "../model/format";
import { same } from "../model/memo";
import { ORIGINAL } from "../model/pixels";
import type { Record } from "../model/record";
import { namer, predictionAt } from "../model/samples";
import type { Side } from "../model/sides";
import { paint, paintLevels, tableAt, wipe } from "./canvas";
import { cardStyle } from "./card.style";
import { comparisonStyle } from "./comparison.style";
import { damage } from "./damage";
import { anyOf, data } from "./element";
import { goTo } from "./go-to";
import { cutName, longName } from "./long-name";
import { sideName } from "./outcome";
import { pill, title } from "./pill";
import { SampleCard } from "./sample-card";
import { moveSpark, sparkPoints } from "./sparkline";
import { sparks } from "./sparks";
import { epsilonStandIn, stepStandIn } from "./stand-in";
import { base, spotted } from "./theme";
import { curveText } from "./verdict";

/** The place of the grid's own pictures among those handed to a card; each side's follow. */
const OWN = "0";

/** One sample under several sides: its original and each one's picture, or its picture at each step. */
export class Comparison extends SampleCard {
  static override properties = {
    sides: data,
    step: data,
    decoded: {
      attribute: false,
      hasChanged: (now: readonly unknown[], before: readonly unknown[] | undefined) =>
        !before || !same(now, before),
    },
  };

  declare sides: readonly Side[];
  /** The step that was asked for. */
  declare step: number | null;
  /** The grid's own pictures, then each side's, as far as they have come. */
  declare decoded: readonly (Decoded | undefined)[];

  #beside: readonly (Beside | null)[] = [];
  /** What of the predictions is shown: the same between two logged epsilons. */
  #footing = "";

  static override styles = [base, cardStyle, longName, spotted, comparisonStyle];

  constructor() {
    super();
    this.decoded = [];
  }

  /** Between two logged epsilons nothing but pictures and the line in the head follow the thumb. */
  override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    const { record, position, sides, epsilon } = this;
    this.#beside = beside(record, position, sides, epsilon);
    const footing = JSON.stringify(this.#beside.map((each) => each && [each.at, each.position]));
    const other = footing !== this.#footing;
    this.#footing = footing;
    if (other || changed.size > 1 || !changed.has("epsilon")) return true;
    this.#draw();
    moveSpark(this.renderRoot, this.axis, epsilon);
    return false;
  }

  override render(): TemplateResult {
    const { words, shape, sample } = this;
    const label = title(sample, (number) => this.nameOf(number));
    const overTime = shape === "time";
    return html`
      <article data-sample=${this.position} aria-label=${label} @click=${this.open}>
        <header>
          ${this.heading(label)} ${this.origin()}
          ${overTime ? nothing : this.curve(this.#sparks(), label)}
        </header>
        <div
          class=${overTime ? "strip" : "row"}
          tabindex=${this.scrolled}
          role="group"
          aria-label=${(overTime ? words.overSteps : words.beside)(label)}
        >
          ${overTime ? this.#stages() : [this.#original(this.nameOf(sample.label)), this.#sides()]}
        </div>
      </article>
    `;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // Another sample's picture must not stand under this one's name, not even for a moment.
    if (anyOf(changed, "position", "sides")) {
      for (const canvas of this.canvases) if (!this.#decodedOf(canvas)) wipe(canvas);
    }
    this.#draw();
    moveSpark(this.renderRoot, this.axis, this.epsilon);
    if (anyOf(changed, "sides", "shape")) this.showCurrent();
  }

  #decodedOf({ dataset }: HTMLCanvasElement): Decoded | undefined {
    return this.decoded[Number(dataset["picture"])];
  }

  /** Has each canvas show what it is to show; one that does already costs nothing. */
  #draw(): void {
    for (const canvas of this.canvases) {
      const decoded = this.#decodedOf(canvas);
      const { picture } = canvas.dataset;
      const at = this.#beside[Number(picture) - 1]?.at;
      if (typeof decoded !== "object" || (picture !== OWN && !at)) {
        delete canvas.dataset["epsilon"];
      } else if (picture === OWN) {
        if (ArrayBuffer.isView(decoded)) paint(canvas, decoded, ORIGINAL);
        else paintLevels(canvas, decoded.original);
      } else if (ArrayBuffer.isView(decoded)) {
        paint(canvas, decoded, tableAt(this.epsilon));
        canvas.dataset["epsilon"] = String(this.epsilon);
      } else if (at) {
        // Of an attack that has a picture an epsilon: between two, the one below.
        paintLevels(canvas, exampleAt(decoded, at.index));
        canvas.dataset["epsilon"] = String(at.epsilon);
      }
    }
  }

  /** Each side's curve, one over the other: who falls at which epsilon. */
  #sparks(): TemplateResult {
    const { words, axis, sides } = this;
    const known = this.#beside.flatMap((each, i) => {
      const side = sides[i];
      return each && side ? [{ ...each, side, i }] : [];
    });
    const lines = known.map(({ record, sample, side, i }) => ({
      points: sparkPoints(sample, record.epsilons, axis).attacked,
      colour: side.colour,
      dashed: i > 0 && side.kind !== "run",
    }));
    const told = known.map(({ record, sample, side }) => {
      const shares = sample.adversarial.map((said) => said.label_probability);
      const { label_probability } = sample.clean;
      const curve = curveText(label_probability, record.epsilons, shares, axis, words);
      return words.ofSide(sideName(side, words), curve);
    });
    const label = this.nameOf(this.sample.label);
    return sparks(lines, words.spark(label, told.join("; ")));
  }

  #original(label: string): TemplateResult {
    const { words } = this;
    const { clean } = this.sample;
    const said = this.nameOf(clean.classes[0]);
    const text = words.originalPicture(label, said, percent(clean.probabilities[0] ?? 0, 0));
    return html`
      <figure class="original">
        <p class="side">${words.original}</p>
        <div class="frame">${this.#picture(0, this.record, text)}</div>
        <figcaption><span class="said cut" title=${words.trueClass}>${label}</span></figcaption>
      </figure>
    `;
  }

  #sides(): TemplateResult[] {
    const { words, axis } = this;
    return this.sides.map((side, i) => {
      const known = this.#beside[i] ?? null;
      const text = known ? pill(known.record, known.sample, known.at, axis, words) : "";
      return this.#frame(side, i, html`<p class="pill" title=${text}>${text}</p>`);
    });
  }

  #stages(): TemplateResult[] {
    return this.sides.map((side, i) => {
      const before = this.sides[i - 1];
      return html`${before ? this.#turn(before, side, i) : nothing}${this.#frame(side, i, nothing)}`;
    });
  }

  /** What lies between two steps: nothing, or that the model was right at one and not at the other. */
  #turn(before: Side, after: Side, i: number): TemplateResult {
    const { words } = this;
    const turn = turnBetween(this.#beside[i - 1] ?? null, this.#beside[i] ?? null);
    if (!turn) return html`<span class="gap"></span>`;
    const between = turn === "lost" ? words.lostBetween : words.wonBetween;
    const says = between(grouped(before.key.step), grouped(after.key.step));
    const state = turn === "lost" ? "flipped" : "right";
    return html`<span class="turn" data-turn=${state} role="img" aria-label=${says} title=${says}
      >${turn === "lost" ? "✕" : "✓"}</span
    >`;
  }

  /** One side's picture, and what the model says of it there. */
  #frame(side: Side, i: number, below: TemplateResult | typeof nothing): TemplateResult {
    const { words, axis } = this;
    const known = this.#beside[i] ?? null;
    const prediction = known && predictionAt(known.sample, known.at.index);
    const name = known && namer(known.record, words.unnamedClass);
    const said = prediction && name ? name(prediction.classes[0]) : "";
    const surety = prediction ? percent(prediction.probabilities[0] ?? 0) : "";
    const hint = known && epsilonStandIn(known.at, axis, words);
    return html`
      <figure
        class=${known?.state === "flipped" ? "fooled" : ""}
        data-side=${i}
        data-state=${known?.state ?? nothing}
        aria-current=${side.current ? "true" : nothing}
        @click=${this.shape === "time" ? () => this.#go(side) : nothing}
      >
        ${this.#caption(side)}
        <div class="frame">
          ${known ? this.#picture(i + 1, known.record, this.#told(side, known)) : this.#missing(side)}
        </div>
        <figcaption>
          <span class="said cut" title=${said}>${said}</span>
          <span class="surety" ?data-stand-in=${hint !== null} title=${hint ?? nothing}>${surety}</span>
        </figcaption>
        ${below}
      </figure>
    `;
  }

  #go(side: Side): void {
    if (side.current) return;
    if (this.shape === "time") this.store.select({ step: side.key.step });
    else goTo(this.store, side);
  }

  /** A side's name, and the way to it. */
  #caption(side: Side): TemplateResult {
    const { words, step } = this;
    const { kind, key, name, short, colour, mark, current } = side;
    const late = kind === "run" ? stepStandIn(key.step, step, words) : null;
    const text =
      this.shape === "time"
        ? html`${grouped(key.step)}`
        : html`<span class="spotted" data-mark=${mark} style="--colour: var(${colour})"
            >${kind === "run" ? cutName(short, name) : cutName(sideName(side, words))}</span
          >${late ? html`<span class="late" title=${late[1]}>${late[0]}</span>` : nothing}`;
    if (current) return html`<p class="side" title=${name}>${text}</p>`;
    const way = {
      run: words.showRun(name),
      step: words.goToStep(grouped(key.step)),
      tag: words.showTag(key.tag),
    }[kind];
    return html`<button
      class="side"
      tabindex=${this.tabindex}
      title=${way}
      aria-label=${this.shape === "time" ? way : nothing}
      @click=${() => this.#go(side)}
    >${text}</button>`;
  }

  /** What stands where a side has not the sample: it was not logged, cannot be had, or is coming. */
  #missing({ record, error }: Side): TemplateResult {
    const { words } = this;
    const text = error ? words.damaged : record ? words.lacks : words.loading;
    return html`<p class="lacks" title=${error ? this.store.voice.sentence(error) : nothing}>${text}</p>`;
  }

  /** What one sees of a side's picture, in words. */
  #told(side: Side, { record, sample, at }: Beside): string {
    const { words, axis } = this;
    const name = namer(record, words.unnamedClass);
    const now = predictionAt(sample, at.index);
    const [was, is] = [name(sample.clean.classes[0]), name(now.classes[0])];
    const sure = percent(sample.clean.probabilities[0] ?? 0, 0);
    const nowSure = percent(now.probabilities[0] ?? 0, 0);
    const epsilon = epsilonText(at.epsilon, axis.decimals);
    const told =
      was === is
        ? words.stays(`${was} ${sure}`, nowSure, epsilon)
        : words.becomes(`${was} ${sure}`, `${is} ${nowSure}`, epsilon);
    return words.ofSide(sideName(side, words), told);
  }

  /** @param picture the place among the pictures that were handed */
  #picture(picture: number, { picture: size }: Record, label: string): TemplateResult {
    const decoded = this.decoded[picture];
    if (typeof decoded === "string") return damage(decoded, this.words);
    return html`<canvas
      data-picture=${picture}
      data-kind=${picture === 0 ? "original" : "adversarial"}
      width=${size.width}
      height=${size.height}
      ?data-stale=${decoded === undefined}
      role="img"
      aria-label=${label}
    ></canvas>`;
  }
}

customElements.define("fgsm-comparison", Comparison);
