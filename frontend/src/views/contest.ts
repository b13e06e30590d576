import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { Axis } from "../model/axis";
import { type Contest, checkedAt } from "../model/contest";
import { epsilonText, grouped, harmless } from "../model/format";
import { AGAINST, type Against, type Logged } from "../model/selection";
import type { Side } from "../model/sides";
import type { RunView } from "../store";
import { Announcer } from "./announcer";
import { contestStyle } from "./contest.style";
import { DashboardElement, data } from "./element";
import { outcome, sideName } from "./outcome";
import { base, framed, unseen } from "./theme";

/** How many runs are offered to be drawn where one alone is. */
const OFFERS = 3;

/** The bar above compared samples: what is compared, and who is right on how many. */
export class ContestBar extends DashboardElement {
  static override properties = {
    runs: data,
    run: data,
    sides: data,
    ownSteps: data,
    axis: data,
    at: data,
    against: data,
    disagree: data,
    contest: data,
    split: data,
    trouble: data,
  };

  declare runs: readonly RunView[];
  /** The one in focus. */
  declare run: RunView;
  declare sides: readonly Side[];
  /** The steps and tags to choose from. */
  declare ownSteps: readonly number[];
  declare axis: Axis;
  declare at: Logged | null;
  declare against: Against;
  declare disagree: boolean;
  declare contest: Contest | null;
  /** How many samples there are to be seen on which they disagree. */
  declare split: number;
  /** Why there is nothing to compare; null where there is. */
  declare trouble: string | null;

  readonly #announcer = new Announcer(this);

  static override styles = [base, framed, unseen, contestStyle];

  override render(): TemplateResult {
    const { words, trouble } = this;
    const said = trouble ?? this.#sentence();
    return html`
      <div class="controls">
        <label for="against">${words.compareWith}</label>
        ${this.#choices()}${trouble === null ? this.#split() : nothing}${this.#alone()}
      </div>
      <p class="outcome ${trouble === null ? "numbers" : ""}" ?data-many=${this.sides.length > 2}>${said}</p>
      ${trouble === null ? nothing : this.#offers()}
      <p class="unseen" role="status">${this.#announcer.told}</p>
    `;
  }

  override updated(): void {
    this.#announcer.hear(this.trouble ?? this.#sentence());
  }

  #choices(): TemplateResult {
    const { words, sides, against, ownSteps, run, store } = this;
    const kinds: { [against in Against]: string } = {
      runs: words.againstRuns,
      step: words.againstStep,
      tag: words.againstTag,
    };
    const other = sides[1]?.key;
    const first = this.#select(
      { id: "against" },
      AGAINST.map((each) => [each, kinds[each]]),
      against,
      (chosen) => store.select({ against: chosen as Against }),
    );
    if (against === "step" && ownSteps.length > 1) {
      const steps = ownSteps.map((step): [string, string] => [String(step), grouped(step)]);
      const second = guard([ownSteps, other?.step, words], () =>
        this.#select({ label: words.stepBeside }, steps, String(other?.step), (step) =>
          store.select({ otherStep: Number(step) }),
        ),
      );
      return html`${first}${second}`;
    }
    if (against !== "tag" || run.tags.length < 2) return first;
    const tags = run.tags
      .filter((tag) => tag !== store.view.tag)
      .map((tag): [string, string] => [tag, harmless(tag)]);
    return html`${first}${this.#select({ label: words.tagBeside }, tags, other?.tag ?? "", (tag) =>
      store.select({ otherTag: tag }),
    )}`;
  }

  #select(
    name: { readonly id?: string; readonly label?: string },
    options: readonly (readonly [value: string, text: string])[],
    chosen: string,
    choose: (value: string) => void,
  ): TemplateResult {
    return html`<span class="choice"
      ><select
        class="framed"
        id=${name.id ?? nothing}
        aria-label=${name.label ?? nothing}
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
      >
        ${options.map(
          ([value, text]) =>
            html`<option value=${value} .selected=${value === chosen}>${text}</option>`,
        )}
      </select></span
    >`;
  }

  #split(): TemplateResult {
    const { words, disagree, store } = this;
    return html`<button
      class="framed split"
      aria-pressed=${disagree}
      title=${words.onlySplitHint}
      @click=${() => store.select({ disagree: !disagree })}
    >
      ${words.onlySplit} <span>${grouped(this.split)}</span>
    </button>`;
  }

  /** How many samples are not shown, as no other has them. */
  #alone(): TemplateResult | typeof nothing {
    const { words, contest } = this;
    if (!contest || contest.alone === 0 || this.sides.length < 2) return nothing;
    return html`<span class="alone" title=${words.withoutHint}>${words.without(grouped(contest.alone))}</span>`;
  }

  #sentence(): string {
    const { words, contest, at, axis, sides } = this;
    if (!contest || !at || contest.waiting) {
      const coming = sides.find((side) => !side.record && !side.error);
      return coming ? words.coming(sideName(coming, words)) : "";
    }
    const epsilon = at.epsilon === 0 ? "" : epsilonText(at.epsilon, axis.decimals);
    return [outcome(contest, epsilon, words), this.#checked(at.epsilon)].join(" ").trimEnd();
  }

  /** Who leads under one step of FGSM may have overfitted to it. */
  #checked(epsilon: number): string {
    const { words, sides } = this;
    const left = checkedAt(sides, epsilon).map(({ side, held, count }) =>
      words.contestLeft(sideName(side, words), grouped(held), grouped(count)),
    );
    return left.length > 0 ? words.contestChecked(left.join(", ")) : "";
  }

  /** What can be compared instead, or as well. */
  #offers(): TemplateResult | typeof nothing {
    const { words, runs, against, store } = this;
    const drawn = runs.filter((run) => run.drawn).map((run) => run.name);
    const others = runs.filter((run) => run.tagged && !run.drawn).slice(0, OFFERS);
    if (against !== "runs" || drawn.length > 1 || others.length === 0) return nothing;
    return html`<div class="offers">
      ${others.map(
        ({ name, short }) => html`<button
          class="framed offer"
          @click=${() => store.select({ runs: [...drawn, name] })}
        >
          ${words.drawToo(harmless(short))}
        </button>`,
      )}
    </div>`;
  }
}

customElements.define("fgsm-contest", ContestBar);
