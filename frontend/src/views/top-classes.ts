import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import { epsilonText, percent } from "../model/format";
import type { Record, Sample } from "../model/record";
import { namer } from "../model/samples";
import { colour, type Logged, type Mark, mark } from "../model/selection";
import { type ClassCurve, known, type TopClasses, topClasses } from "../model/top-classes";
import { axisLabels } from "./axis-labels";
import { anyOf, DashboardElement, data } from "./element";
import { legend } from "./legend.style";
import { onResize } from "./resizing";
import { base, marked } from "./theme";
import { topClassesStyle } from "./top-classes.style";

/** The plot's height, and what lies around it, in CSS pixels. */
const HEIGHT = 150;
const LEFT = 34;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 20;

/** How many classes beside the true one are drawn: so many colours tell apart. */
const MOST = 5;

/** A curve as it is drawn. */
interface Drawn extends ClassCurve {
  readonly role: "own" | "target" | "other";
  readonly name: string;
  readonly colour: string;
  readonly mark: Mark;
}

/** The probabilities of the classes that the model named of a sample, over epsilon. */
export class TopClassesChart extends DashboardElement {
  static override properties = {
    record: data,
    sample: data,
    at: data,
    axis: data,
    epsilon: data,
    width: { state: true },
  };

  declare record: Record;
  declare sample: Sample;
  declare at: Logged;
  declare axis: Axis;
  declare epsilon: number;
  declare width: number;

  #top: TopClasses | null = null;
  #drawn: readonly Drawn[] = [];

  static override styles = [base, marked, legend, topClassesStyle];

  constructor() {
    super();
    this.width = 0;
    onResize(this, () => {
      this.width = this.clientWidth;
    });
  }

  override willUpdate(changed: PropertyValues): void {
    if (!anyOf(changed, "record", "sample", "words")) return;
    const { record, sample, words } = this;
    const name = namer(record, words.unnamedClass);
    const top = topClasses(record, sample, MOST);
    const others = top.others.map((curve, i): Drawn => {
      const role = curve.label === sample.target ? "target" : "other";
      // The first colour is the accent's, which the line of epsilon has.
      return { ...curve, role, name: name(curve.label), colour: colour(i + 1), mark: mark(i) };
    });
    const own = { ...top.own, role: "own", name: name(sample.label) } as const;
    this.#top = top;
    this.#drawn = [{ ...own, colour: "--line", mark: "circle" }, ...others];
  }

  override render(): TemplateResult {
    const { words } = this;
    return html`
      <h3>${words.topClasses}</h3>
      ${this.width > 0 ? this.#plot() : nothing}
      <ul>
        ${this.#drawn.map((curve) => this.#entry(curve))}
      </ul>
      ${this.#table()}
    `;
  }

  #x(epsilon: number): number {
    return LEFT + this.axis.place(epsilon) * (this.width - LEFT - RIGHT);
  }

  #y(share: number): number {
    return TOP + (1 - share) * HEIGHT;
  }

  #plot(): TemplateResult {
    const { words, width, epsilon } = this;
    const now = this.#x(epsilon);
    return html`<svg
      width=${width}
      height=${TOP + HEIGHT + BOTTOM}
      role="img"
      aria-label=${`${words.topClasses}. ${this.#told()}`}
    >
      ${[0, 0.5, 1].map((share) => {
        const y = this.#y(share);
        return svg`<line class="grid" x1=${LEFT} x2=${width - RIGHT} y1=${y} y2=${y} />
          <text class="share" x=${LEFT - 6} y=${y + 4}>${100 * share}</text>`;
      })}
      ${this.#ticks()}
      <line class="now" x1=${now} x2=${now} y1=${TOP} y2=${TOP + HEIGHT} />
      ${[...this.#drawn].reverse().map((curve) => this.#curve(curve))}
    </svg>`;
  }

  /** The logged epsilons, and as many of their labels as have room. */
  #ticks(): TemplateResult[] {
    const { axis, width, epsilon } = this;
    const ticks = this.#top?.epsilons ?? [];
    const labels = axisLabels(axis, ticks, ticks.indexOf(epsilon), width - LEFT - RIGHT);
    const bottom = TOP + HEIGHT;
    return ticks.map((tick, i) => {
      const x = this.#x(tick);
      return svg`<line class="grid" x1=${x} x2=${x} y1=${TOP} y2=${bottom} />
        <text class="epsilon" x=${x} y=${bottom + 14}>${labels[i]}</text>`;
    });
  }

  #curve({ shares, role, colour, mark }: Drawn): TemplateResult {
    const epsilons = this.#top?.epsilons ?? [];
    const point = (i: number) => {
      const [x, y] = [this.#x(epsilons[i] ?? 0), this.#y(shares[i] ?? 0)];
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    };
    const stretches = known(shares);
    return svg`<g class=${role} style="--colour: var(${colour})">
      ${stretches.map((places) => svg`<polyline points=${places.map(point).join(" ")} />`)}
      ${stretches.flat().map((i) => svg`<path d=${MARKS[mark]} transform="translate(${point(i)})" />`)}
    </g>`;
  }

  /** A curve's entry below the plot: its name, in full, and its probability now. */
  #entry({ label, role, name, colour, mark, shares }: Drawn): TemplateResult {
    const { words } = this;
    const roles = { own: words.trueClassMark, target: words.targetMark, other: "" };
    const share = shares[this.#now()] ?? null;
    const now = share === null ? "–" : percent(share);
    return html`<li class=${role} data-class=${label}>
      <i data-mark=${mark} style="--colour: var(${colour})"></i>
      <span class="name">${name} ${roles[role] ? html`<small>${roles[role]}</small>` : nothing}</span>
      <span title=${share === null ? words.below5 : nothing}>${now}</span>
    </li>`;
  }

  /** The place of the predictions in use among those that are drawn. */
  #now(): number {
    const epsilons = this.#top?.epsilons ?? [];
    return Math.max(0, epsilons.indexOf(this.at.epsilon));
  }

  /** What one sees of the curves: how the true class falls, and what is said instead. */
  #told(): string {
    const { words, axis } = this;
    const epsilons = this.#top?.epsilons ?? [];
    return this.#drawn
      .map(({ name, shares }) => {
        const points = known(shares)
          .flat()
          .map((i) => {
            const share = percent(shares[i] ?? 0, 0);
            const epsilon = epsilons[i] ?? 0;
            return epsilon === 0
              ? words.withoutAttack(share)
              : words.shareAt(share, epsilonText(epsilon, axis.decimals));
          });
        return words.ofSide(name, points.join(", "));
      })
      .join(". ");
  }

  /** All that is known, also of the classes that are not drawn. */
  #table(): TemplateResult {
    const { words, record, axis } = this;
    const name = namer(record, words.unnamedClass);
    const { epsilons, predictions } = this.#top ?? { epsilons: [], predictions: [] };
    const text = (epsilon: number) =>
      epsilon === 0 ? words.clean : epsilonText(epsilon, axis.decimals);
    return html`<details>
      <summary>${words.asTable}</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${words.topClasses}>
        <table>
          <thead>
            <tr>
              <th scope="col">ε</th>
              <th scope="col">${words.mostProbable}</th>
            </tr>
          </thead>
          <tbody>
            ${predictions.map(
              ({ classes, probabilities }, i) => html`<tr>
                <th scope="row">${text(epsilons[i] ?? 0)}</th>
                <td>
                  ${classes
                    .map((label, k) => `${name(label)} ${percent(probabilities[k] ?? 0)}`)
                    .join(" · ")}
                </td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }
}

/** The marks as paths around 0, 0. */
const MARKS: { readonly [mark in Mark]: string } = {
  circle: "M3.5 0a3.5 3.5 0 1 1-7 0a3.5 3.5 0 1 1 7 0z",
  square: "M-3 -3h6v6h-6z",
  diamond: "M0 -4.2L4.2 0L0 4.2L-4.2 0z",
};

customElements.define("fgsm-top-classes", TopClassesChart);
