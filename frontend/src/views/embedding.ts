import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import {
  around,
  type Box,
  type Cloud,
  cloudOf,
  markOf,
  nearest,
  type Points,
  placesAt,
  pointState,
  scaleOf,
  toldAt,
  towards,
} from "../model/embedding";
import { epsilonText, grouped, harmless, percent } from "../model/format";
import { markPath } from "../model/marks";
import { Memo, same } from "../model/memo";
import { namer } from "../model/samples";
import type { RunView } from "../store";
import { DashboardElement, data, measured } from "./element";
import { embeddingStyle } from "./embedding.style";
import { keyTarget } from "./keys";
import { onResize } from "./resizing";
import { Scatter } from "./scatter";
import { base, unseen } from "./theme";
import { beside, tip } from "./tip";

/** How far from a point a pointer may be to mean it, in CSS pixels. */
const REACH = 12;
/** How much room is kept along the sides, and how many classes the legend has at most. */
const EDGE = 14;
const MOST_CLASSES = 21;

/**
 * Samples as the model sees them: each a point, in the colour and shape of its true class, on the path
 * along which epsilon leads it.
 */
export class EmbeddingMap extends DashboardElement {
  static override properties = {
    run: data,
    axis: data,
    epsilon: data,
    label: data,
    dark: data,
    marked: { state: true },
    size: measured,
  };

  declare run: RunView | null;
  declare axis: Axis;
  declare epsilon: number;
  /** The only true class that the page shows. */
  declare label: number | null;
  declare dark: boolean;
  /** The point that is pointed at, or that the keys have gone to. */
  declare marked: number | null;
  /** The map's size in CSS pixels. */
  declare size: { readonly width: number; readonly height: number };

  readonly #clouds = new Memo<Cloud | null>();
  #cloud: Cloud | null = null;
  /** The plane that is shown, and the box around all that was seen in it, so that steps compare. */
  #plane: { readonly fit: string; readonly box: Box } | null = null;
  /** Whether the plane is another than the one that was shown before. */
  #other = false;
  #points: Points = { at: new Float64Array(), chosen: () => false };
  readonly #scatter = new Scatter();
  /** What the scatter is prepared for. */
  #prepared: readonly unknown[] = [];

  static override styles = [base, tip, unseen, embeddingStyle];

  constructor() {
    super();
    this.marked = null;
    this.size = { width: 0, height: 0 };
    onResize(this, () => this.#measure());
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("run")) this.#read();
    const cloud = this.#cloud;
    if (!cloud || !this.#plane) return;
    const { width, height } = this.size;
    const scale = scaleOf(this.#plane.box, width, height, EDGE);
    const at = placesAt(cloud, this.epsilon);
    for (let i = 0; i < at.length; i += 2) {
      at[i] = scale.x(at[i] as number);
      at[i + 1] = scale.y(at[i + 1] as number);
    }
    const { label } = this;
    this.#points = { at, chosen: (i) => label === null || cloud.labels[i] === label };
    if (this.marked !== null && !this.#points.chosen(this.marked)) this.marked = null;
  }

  /** Reads the record, if it is another one. */
  #read(): void {
    const record = this.run?.record;
    const cloud = this.#clouds.get([record], () => cloudOf(record));
    if (cloud === this.#cloud) return;
    const index = this.marked === null ? undefined : this.#cloud?.indices[this.marked];
    this.#cloud = cloud;
    // The same sample stays marked in another step.
    const again = index === undefined || !cloud ? -1 : cloud.indices.indexOf(index);
    this.marked = again < 0 ? null : again;
    if (!cloud) return;
    const before = this.#plane;
    const known = before?.fit === cloud.fit;
    if (before) this.#other = !known;
    this.#plane = { fit: cloud.fit, box: known ? around(before.box, cloud.box) : cloud.box };
  }

  override render(): TemplateResult {
    const { words, run } = this;
    const cloud = this.#cloud;
    if (!run?.record) return html``;
    if (!cloud) return html`<p class="none">${words.embeddingNone}</p>`;
    const [across, up] = cloud.explained;
    return html`
      <p class="says">${this.#sentence(cloud)}</p>
      <div
        class="map${this.#opens(this.marked) ? " open" : ""}"
        role="application"
        tabindex="0"
        aria-label="${words.embeddingMap}: ${words.embeddingKeys}"
        aria-roledescription=${words.panelEmbedding}
        @pointermove=${this.#point}
        @pointerleave=${this.#leave}
        @click=${this.#click}
        @keydown=${this.#key}
        @focus=${this.#begin}
        @blur=${this.#leave}
      >
        <canvas aria-hidden="true"></canvas>
        <span class="component across" aria-hidden="true"
          >${words.embeddingComponent("1", percent(across))} →</span
        >
        <span class="component up" aria-hidden="true"
          >↑ ${words.embeddingComponent("2", percent(up))}</span
        >
        ${this.#tip(cloud)}
        <span class="unseen" aria-live="polite">${this.#said(cloud)}</span>
      </div>
      ${this.#legend(cloud)}
      <p class="plane">
        ${this.#about(run.record.embedding)}
        ${this.#other ? html`<b class="other">${words.embeddingOtherPlane}</b>` : nothing}
      </p>
    `;
  }

  override updated(): void {
    this.#measure();
    const canvas = this.renderRoot.querySelector("canvas");
    const { width, height } = this.size;
    const cloud = this.#cloud;
    if (!canvas || !cloud || !this.#plane || width === 0 || height === 0) return;
    const prepared = [cloud, this.#plane, this.label, this.dark, width, height, devicePixelRatio];
    if (!same(prepared, this.#prepared)) {
      this.#prepared = prepared;
      const style = getComputedStyle(this);
      const colour = (name: string) => style.getPropertyValue(name);
      this.#scatter.prepare({
        cloud,
        scale: scaleOf(this.#plane.box, width, height, EDGE),
        inks: {
          surface: colour("--surface"),
          hairline: colour("--hairline"),
          flipped: colour("--flipped"),
          line: colour("--line"),
          colour,
        },
        width,
        height,
        label: this.label,
      });
    }
    this.#scatter.draw(canvas, this.epsilon, this.#points.at, this.marked);
  }

  /** What the points say, of the class that is shown or of all. */
  #sentence(cloud: Cloud): TemplateResult | string {
    const { words, epsilon, label } = this;
    const { count, flipped, wrong, moved } = toldAt(cloud, epsilon, label);
    const name = label === null ? null : this.#named(label);
    if (count === 0) return words.embeddingNoClass(name ?? "");
    const [all, bad] = [grouped(count), grouped(wrong)];
    if (epsilon === 0) {
      return name === null
        ? words.embeddingClean(all, bad)
        : words.embeddingCleanOf(name, all, bad);
    }
    const at = epsilonText(epsilon, this.axis.decimals);
    const first =
      name === null
        ? words.embeddingFlipped(at, grouped(flipped), all, bad)
        : words.embeddingFlippedOf(name, at, grouped(flipped), all, bad);
    if (moved === null) return first;
    const times = moved < 9.95 ? moved.toFixed(2) : grouped(Math.round(moved));
    return html`${first}
      <span title=${words.embeddingMovedHint}>${words.embeddingMoved(times)}</span>`;
  }

  #about(stored: NonNullable<RunView["record"]>["embedding"]): string {
    if (!stored) return "";
    const { layer, features, explained, fitted, fit } = stored;
    return this.words.embeddingPlane(
      harmless(layer),
      grouped(features),
      percent(explained[0] + explained[1]),
      grouped(fitted),
      fit.slice(0, 6),
    );
  }

  #legend(cloud: Cloud): TemplateResult {
    const { words } = this;
    const shown = cloud.classes.slice(0, MOST_CLASSES);
    const more = cloud.classes.length - shown.length;
    return html`
      <div class="classes" role="group" aria-label=${words.embeddingClasses}>
          ${shown.map((label) => {
            const { colour, mark } = markOf(cloud, label);
            const name = this.#named(label);
            return html`<button
              data-class=${label}
              title=${name}
              aria-pressed=${this.label === label}
              @click=${() => this.store.select({ label: this.label === label ? null : label })}
            >
              <svg viewBox="0 0 12 12" aria-hidden="true">
                <path d=${markPath(mark, 6, 6, 4.2)} style="fill: var(${colour})" /></svg
              ><span class="cut">${name}</span>
            </button>`;
          })}
          ${more > 0 ? html`<span class="more">${words.embeddingMore(grouped(more))}</span>` : nothing}
      </div>
    `;
  }

  /** Which sample the marked point is. */
  #tip(cloud: Cloud): TemplateResult | typeof nothing {
    const { words, marked, size } = this;
    if (marked === null) return nothing;
    const [x, y] = [this.#points.at[2 * marked] ?? 0, this.#points.at[2 * marked + 1] ?? 0];
    const upper = y < size.height / 2;
    const high = upper ? `top: ${y + 12}px` : `bottom: ${size.height - y + 12}px`;
    return html`
      <div class="tip" style="${high}; ${beside(x, size.width / 2, 6)}">
        <div>#${cloud.indices[marked]} · ${this.#named(cloud.labels[marked] ?? 0)}</div>
        <div>${this.#state(cloud, marked)}</div>
        <div class="aside">
          ${this.#opens(marked) ? words.embeddingOpen : words.embeddingNoPictures}
        </div>
      </div>
    `;
  }

  #said(cloud: Cloud): string {
    const { words, marked } = this;
    if (marked === null) return "";
    const name = this.#named(cloud.labels[marked] ?? 0);
    const open = this.#opens(marked) ? words.embeddingOpen : words.embeddingNoPictures;
    return `#${cloud.indices[marked]}, ${name}, ${this.#state(cloud, marked)}, ${open}`;
  }

  #state(cloud: Cloud, i: number): string {
    const { words } = this;
    const flip = cloud.flips[i] ?? Number.POSITIVE_INFINITY;
    if (pointState(cloud, i, 0) === "wrong") return words.embeddingWrong;
    if (!Number.isFinite(flip)) return words.embeddingHolds;
    return words.embeddingFlipsAt(epsilonText(flip, this.axis.decimals));
  }

  #named(label: number): string {
    return namer(this.run?.record, this.words.unnamedClass)(label);
  }

  /** Whether a point's sample has pictures to be looked at. */
  #opens(i: number | null): boolean {
    const index = i === null ? undefined : this.#cloud?.indices[i];
    return this.run?.record?.samples.some((sample) => sample.index === index) ?? false;
  }

  #measure(): void {
    const map = this.renderRoot.querySelector<HTMLElement>(".map");
    if (map) this.size = { width: map.clientWidth, height: map.clientHeight };
  }

  #find(event: PointerEvent | MouseEvent): number | null {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return nearest(this.#points, event.clientX - left, event.clientY - top, REACH);
  }

  #point(event: PointerEvent): void {
    this.marked = this.#find(event);
  }

  #leave(): void {
    this.marked = null;
  }

  #click(event: MouseEvent): void {
    this.marked = this.#find(event);
    this.#open();
  }

  #open(): void {
    const index = this.marked === null ? undefined : this.#cloud?.indices[this.marked];
    if (index !== undefined && this.#opens(this.marked)) this.store.select({ sample: index });
  }

  /** The keys begin at the point in the middle. */
  #begin(event: FocusEvent): void {
    if (!(event.currentTarget as HTMLElement).matches(":focus-visible")) return;
    const { width, height } = this.size;
    this.marked ??= nearest(this.#points, width / 2, height / 2, Number.POSITIVE_INFINITY);
  }

  #key(event: KeyboardEvent): void {
    const cloud = this.#cloud;
    if (!cloud) return;
    if (event.key === "Enter") {
      this.#open();
      return;
    }
    const { marked } = this;
    const chosen = [...cloud.indices.keys()].filter(this.#points.chosen);
    const place = marked === null ? -1 : chosen.indexOf(marked);
    const go = (dx: number, dy: number) => () =>
      marked === null ? chosen[0] : towards(this.#points, marked, dx, dy);
    const target = keyTarget<() => number | null | undefined>(event, {
      ArrowLeft: go(-1, 0),
      ArrowRight: go(1, 0),
      ArrowUp: go(0, -1),
      ArrowDown: go(0, 1),
      Home: () => chosen[0],
      End: () => chosen.at(-1),
      PageUp: () => chosen[Math.max(0, place - 1)],
      PageDown: () => chosen[Math.min(chosen.length - 1, place + 1)],
    });
    const found = target?.();
    if (found != null) this.marked = found;
  }
}

customElements.define("fgsm-embedding", EmbeddingMap);
