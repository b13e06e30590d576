import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { type Decoded, type Examples, exampleAt } from "../model/examples";
import { epsilonText, per255, percent } from "../model/format";
import { fullContrast, ORIGINAL } from "../model/pixels";
import type { Prediction, Sample } from "../model/record";
import { stateOf } from "../model/samples";
import { type Logged, type NoiseScale, picturedAt } from "../model/selection";
import { noiseAt, paint, paintDifference, paintLevels, tableAt, tableOf, wipe } from "./canvas";
import { cardStyle } from "./card.style";
import { damage } from "./damage";
import { download, exports } from "./download";
import { anyOf, data, firstPaint } from "./element";
import { strip } from "./film-strip";
import { pill, title } from "./pill";
import { SampleCard } from "./sample-card";
import { moveSpark, type SparkPoints, spark, sparkPoints } from "./sparkline";
import { epsilonStandIn } from "./stand-in";
import { base } from "./theme";
import { curveText } from "./verdict";

/** Fewer grey levels than these, enlarged, nobody sees. */
const FAINT = 3;

type Kind = "original" | "noise" | "adversarial";

/** One sample, and what the model says of it: a triplet or a film strip. */
export class Card extends SampleCard {
  static override properties = {
    at: data,
    noise: data,
    decoded: data,
  };

  declare at: Logged;
  declare noise: NoiseScale;
  declare decoded: Decoded | undefined;

  #points: SparkPoints = { attacked: "", control: "" };

  static override styles = [base, cardStyle];

  /** Without a picture it waits for the first paint: its place is the same. */
  protected override scheduleUpdate() {
    if (this.hasUpdated || this.decoded) return super.scheduleUpdate();
    return firstPaint().then(() => super.scheduleUpdate());
  }

  /** Between two logged epsilons nothing but pictures and the spark's line follows the thumb. */
  override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    if (changed.size > 1 || !changed.has("epsilon")) return true;
    this.#draw();
    moveSpark(this.renderRoot, this.axis, this.epsilon);
    const save = this.renderRoot.querySelector<HTMLAnchorElement>("a.save");
    if (save && this.shape === "triplet") {
      save.href = this.store.pngAddress(this.position) ?? "";
      save.download = this.#fileName();
    }
    return false;
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (anyOf(changed, "record", "position", "axis")) {
      this.#points = sparkPoints(this.sample, this.record.epsilons, this.axis);
    }
  }

  override render(): TemplateResult {
    const { record, words } = this;
    const sample = this.sample;
    const state = stateOf(sample, this.at.index);
    const label = title(sample, (number) => this.nameOf(number));
    return html`
      <article
        data-sample=${this.position}
        data-state=${state}
        aria-label=${label}
        @click=${this.open}
      >
        <header>
          ${this.heading(label)}
          <span class="pill">${pill(record, sample, this.at, this.axis, words)}</span>
          ${this.origin()}
          ${this.curve(spark(this.#points, this.axis.place(this.epsilon), this.#sparkText(sample)), label)}
        </header>
        ${this.shape === "strip" ? this.#strip(sample) : this.#triplet(sample)}
      </article>
    `;
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    // Another sample's picture must not stand under this one's name, not even for a moment.
    if (this.decoded === undefined && changed.has("position")) this.canvases.forEach(wipe);
    this.#draw();
    if (this.shape === "strip" && anyOf(changed, "at", "shape", "position")) this.showCurrent();
  }

  /** Has each canvas show what it is to show; one that does already costs nothing. */
  #draw(): void {
    const { decoded, epsilon, noise } = this;
    for (const canvas of this.canvases) {
      const { kind, place } = canvas.dataset;
      if (typeof decoded !== "object") {
        delete canvas.dataset["epsilon"];
      } else if (!ArrayBuffer.isView(decoded)) {
        this.#drawFrame(canvas, decoded);
      } else if (kind === "original") {
        paint(canvas, decoded, ORIGINAL);
      } else if (kind === "noise") {
        paint(canvas, decoded, noiseAt(epsilon, noise));
      } else {
        const own = place === undefined ? epsilon : (this.record.epsilons[Number(place)] ?? 0);
        paint(canvas, decoded, place === undefined ? tableAt(own) : tableOf(own));
        canvas.dataset["epsilon"] = String(own);
      }
    }
  }

  /** The same of an attack that has a picture an epsilon: between two, the one below. */
  #drawFrame(canvas: HTMLCanvasElement, examples: Examples): void {
    const { at, record, noise } = this;
    const { kind, place } = canvas.dataset;
    const shown = kind === "original" ? -1 : place === undefined ? at.index : Number(place);
    const epsilon = record.epsilons[shown] ?? 0;
    if (kind === "noise") {
      paintDifference(canvas, examples, shown, noise ?? fullContrast(epsilon));
      return;
    }
    paintLevels(canvas, exampleAt(examples, shown));
    if (kind === "adversarial") canvas.dataset["epsilon"] = String(epsilon);
  }

  /** What one sees of the curve in the head, in words. */
  #sparkText({ label, clean, adversarial }: Sample): string {
    const shares = adversarial.map((said) => said.label_probability);
    const { words, record, axis } = this;
    const told = curveText(clean.label_probability, record.epsilons, shares, axis, words);
    return words.spark(this.nameOf(label), told);
  }

  #triplet(sample: Sample): TemplateResult {
    const now = sample.adversarial[this.at.index] ?? sample.clean;
    return html`
      <div class="row" tabindex=${this.scrolled}>
        ${this.#picture("original", sample.clean)}
        <span class="operator" aria-hidden="true">+</span>
        ${this.#picture("noise", sample.noise)}
        <span class="operator" aria-hidden="true">=</span>
        ${this.#picture("adversarial", now)}
      </div>
    `;
  }

  #strip(sample: Sample): TemplateResult {
    const { words, record, axis, at, decoded } = this;
    if (typeof decoded === "string")
      return html`<div class="strip">${damage(decoded, words)}</div>`;
    return strip({
      words,
      record,
      sample,
      axis,
      at,
      label: this.nameOf(sample.label),
      name: (number) => this.nameOf(number),
      canvas: (place, said, surety) => {
        const kind = place < 0 ? "original" : "adversarial";
        return this.#canvas(kind, this.#pictureText(kind, said, surety, place), place);
      },
      tabbed: this.tabbed,
      set: (epsilon) => this.store.select({ epsilon }),
      save: (place) => this.#save(place),
    });
  }

  /** @param prediction null of noise that is another at each epsilon */
  #picture(kind: Kind, prediction: Prediction | null): TemplateResult {
    const { words, at, axis } = this;
    const said = prediction ? this.nameOf(prediction.classes[0]) : words.difference;
    const surety = prediction ? percent(prediction.probabilities[0] ?? 0) : "";
    const hint = kind === "adversarial" ? epsilonStandIn(at, axis, words) : null;
    return html`
      <figure class=${kind} ?data-stand-in=${hint !== null}>
        <div class="frame">
          ${this.#canvas(kind, this.#pictureText(kind, said, surety))}
          ${kind === "adversarial" && typeof this.decoded !== "string" ? this.#save() : nothing}
        </div>
        <figcaption>
          <span class="said cut" title=${said}>${said}</span>
          <span class="surety">${surety}</span>
        </figcaption>
        ${kind === "noise" ? this.#noiseNote() : html`<p class="note" title=${hint ?? nothing}>${hint ? this.#standIn() : nothing}</p>`}
      </figure>
    `;
  }

  /** That the noise is too faint to be seen; else what the control says. */
  #noiseNote(): TemplateResult {
    const { noise, at, words } = this;
    const faint = noise !== null && noise * at.epsilon * 255 < FAINT;
    return faint ? html`<p class="note control">${words.invisible}</p>` : this.#control();
  }

  /** What the model says of as much noise in random directions, where that was asked for. */
  #control(): TemplateResult {
    const { words, at } = this;
    const { control = [], clean } = this.sample;
    if (control.length === 0) return html`<p class="note"></p>`;
    const { classes, probabilities } = control[at.index] ?? clean;
    const said = words.randomSays(this.nameOf(classes[0]), percent(probabilities[0] ?? 0));
    return html`<p class="note control cut" title=${`${said}\n${words.randomNoiseHint}`}>${said}</p>`;
  }

  /** Whose predictions stand below the adversarial picture; on a line that is always there. */
  #standIn(): string {
    const { words, at, axis } = this;
    return at.index < 0 ? words.clean : words.at(epsilonText(at.epsilon, axis.decimals));
  }

  /** What one sees of a picture, in words: what it becomes, and at which epsilon. */
  #pictureText(kind: Kind, said: string, surety: string, place?: number): string {
    const { words, axis, record } = this;
    const sample = this.sample;
    if (kind === "noise") return words.noisePicture(said, surety);
    const clean = this.nameOf(sample.clean.classes[0]);
    const sure = percent(sample.clean.probabilities[0] ?? 0, 0);
    if (kind === "original") return words.originalPicture(this.nameOf(sample.label), clean, sure);
    const epsilon = place === undefined ? this.at.epsilon : (record.epsilons[place] ?? 0);
    const now = sample.adversarial[place ?? this.at.index] ?? sample.clean;
    const nowSure = percent(now.probabilities[0] ?? 0, 0);
    const [from, to] = [`${clean} ${sure}`, said === clean ? nowSure : `${said} ${nowSure}`];
    return (said === clean ? words.stays : words.becomes)(
      from,
      to,
      epsilonText(epsilon, axis.decimals),
    );
  }

  #canvas(kind: Kind, label: string, place?: number): TemplateResult {
    const { decoded, record } = this;
    if (typeof decoded === "string") {
      const place = decoded === "direction" ? "noise" : decoded;
      return kind === place ? damage(decoded, this.words) : html`<p class="damage"></p>`;
    }
    const { width, height } = record.picture;
    return html`
      <canvas
        data-kind=${kind}
        data-place=${place ?? nothing}
        width=${width}
        height=${height}
        ?data-stale=${decoded === undefined}
        role="img"
        aria-label=${label}
      ></canvas>
    `;
  }

  #fileName(shown = picturedAt(this.record, this.at, this.epsilon)): string {
    return `adversarial-${this.sample.index}-${per255(shown)}-of-255.png`;
  }

  /** A link to a picture as a file: at the current epsilon, or at a logged one of a film strip. */
  #save(place?: number): TemplateResult {
    const { words, position, store, record, axis } = this;
    const logged = place === undefined ? undefined : (record.epsilons[place] ?? 0);
    const epsilon = logged ?? picturedAt(record, this.at, this.epsilon);
    const { index, label } = this.sample;
    const hint = words.saveHint(
      `#${index}`,
      this.nameOf(label),
      epsilonText(epsilon, axis.decimals),
    );
    const address = store.pngAddress(position, logged);
    if (address === null) {
      return html`<button
        class="save"
        tabindex=${this.tabindex}
        aria-label=${hint}
        title=${hint}
        @click=${(event: Event) => this.#make(event, this.#fileName(logged))}
      >
        ↓ ${words.save}
      </button>`;
    }
    return html`
      <a
        class="save"
        tabindex=${this.tabindex}
        .href=${live(address)}
        .download=${live(this.#fileName(logged))}
        aria-label=${hint}
        title=${hint}
        >↓ ${words.save}</a
      >
    `;
  }

  /** Saves the picture beside a button, where no address has it as a file. */
  async #make(event: Event, name: string): Promise<void> {
    event.stopPropagation();
    const beside = (event.currentTarget as HTMLElement).parentElement;
    const canvas = beside?.querySelector("canvas");
    if (!canvas) return;
    const { pngOf } = await exports();
    download(await pngOf(canvas), name);
  }
}

customElements.define("fgsm-card", Card);
