import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { grouped } from "../model/format";
import { Memo } from "../model/memo";
import type { Sample } from "../model/record";
import {
  type Counts,
  countFacets,
  EVERYTHING,
  type Facets,
  filtering,
  namer,
  partlyPictured,
  predictionAt,
  SHOWS,
  type Show,
  SORTS,
  type Sort,
} from "../model/samples";
import type { RunView } from "../store";
import "./class-picker";
import "./flip-range";
import { data } from "./element";
import { FilteredElement } from "./filtered";
import { filtersStyle } from "./filters.style";
import { base, choice, framed } from "./theme";

const NO_EPSILONS: readonly number[] = [];

type Options = readonly (readonly [value: string, text: string])[];

/** What to read and in which order: tag, text, state, classes, sort. The counts are the filters. */
export class Filters extends FilteredElement {
  static override properties = { tags: data, tag: data, run: data, decimals: data };

  declare tags: readonly string[];
  declare tag: string | null;
  declare run: RunView | null;
  /** Whether epsilons are told as decimals. */
  declare decimals: boolean;

  readonly #facets = new Memo<Facets>();
  /** What the lists of classes were made of. */
  #listed: Facets | null = null;

  static override styles = [base, framed, choice, filtersStyle];

  override render(): TemplateResult {
    const { words, run } = this;
    const record = run?.record;
    const named = namer(record, words.unnamedClass);
    const { show, label, predicted, text, flips } = this;
    const index = run?.at?.index ?? -1;
    const said = (sample: Sample) => predictionAt(sample, index).classes[0];
    const of = [record, index, show, label, predicted, text, flips, words];
    const facets = this.#facets.get(of, () => countFacets(record, index, this, named));
    // A thousand options at each logged epsilon would hold up the thumb, and nobody sees them.
    const listed = (this.held && this.#listed) || facets;
    this.#listed = listed;
    return html`
      <section ?hidden=${this.tags.length < 2}>
        <h2 id="tag">${words.tag}</h2>
        ${this.#select(
          "tag",
          this.tags.map((tag) => [tag, tag]),
          this.tag ?? "",
          (tag) => this.store.select({ tag }),
        )}
      </section>
      ${this.#search()}
      <section>
        <div class="head">
          <h2 id="show">${words.show}</h2>
          <button
            class="clear"
            ?disabled=${!filtering(this)}
            @click=${() => this.store.select(EVERYTHING)}
          >
            ${words.clearFilters}
          </button>
        </div>
        <div class="filters" role="group" aria-labelledby="show" title=${this.#partly ?? nothing}>
          ${this.#states(facets.states, !record?.samples.length)}
        </div>
      </section>
      <section>
        <h2>${words.trueClass}</h2>
        ${this.#classes(
          words.trueClass,
          listed.labels,
          label,
          ({ label }) => label,
          (label) => {
            this.store.select({ label });
          },
        )}
      </section>
      <section>
        <h2>${words.predictedClass}</h2>
        ${this.#classes(words.predictedClass, listed.predicted, predicted, said, (predicted) => {
          this.store.select({ predicted });
        })}
      </section>
      <section>
        <h2>${words.flipsRange}</h2>
        <fgsm-flip-range
          .store=${this.store}
          .words=${words}
          .epsilons=${record?.epsilons ?? NO_EPSILONS}
          .decimals=${this.decimals}
          .flips=${flips}
        ></fgsm-flip-range>
      </section>
      ${this.#sorts()}
    `;
  }

  /** Of how many of all samples the counts are, where not all have pictures. */
  get #partly(): string | null {
    const { record } = this.run ?? {};
    if (!record?.samples.length || !partlyPictured(record)) return null;
    return this.words.picturedOnly(grouped(record.samples.length), grouped(record.count));
  }

  /** Brings the caret into the field for text. */
  focusText(): void {
    const field = this.renderRoot.querySelector("input");
    field?.focus();
    field?.select();
  }

  #search(): TemplateResult {
    const { words } = this;
    return html`
      <section>
        <h2 id="text">${words.find}</h2>
        <input
          class="framed"
          type="search"
          aria-labelledby="text"
          aria-keyshortcuts="/"
          placeholder=${words.findHint}
          title=${words.findKeys}
          ?data-set=${this.text.trim() !== ""}
          .value=${this.text}
          @input=${(event: InputEvent) => {
            this.store.select({ text: (event.target as HTMLInputElement).value });
          }}
          @keydown=${this.#escape}
        />
      </section>
    `;
  }

  /** Clears the field; in an empty one it is for others, who fold the sidebar. */
  #escape(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.text === "") return;
    event.preventDefault();
    event.stopPropagation();
    this.store.select({ text: "" });
  }

  #states(counts: Counts, none: boolean): TemplateResult[] {
    const { words } = this;
    const targeted = this.run?.record?.attack.target != null;
    const names: { [show in Show]: string } = {
      all: this.#partly ? words.showPictured : words.showAll,
      flipped: targeted ? words.showTarget : words.showFlipped,
      right: targeted ? words.showNoTarget : words.showRight,
      wrong: words.showWrong,
    };
    return SHOWS.map(
      (show) => html`
        <button
          data-show=${show}
          aria-pressed=${this.show === show}
          ?disabled=${none}
          @click=${() => this.store.select({ show })}
        >
          <span>${names[show]}</span><span data-count>${none ? "–" : grouped(counts[show])}</span>
        </button>
      `,
    );
  }

  /** A choice among classes, with how many samples each would show. */
  #classes(
    kind: string,
    counts: ReadonlyMap<number, number>,
    chosen: number | null,
    classOf: (sample: Sample) => number,
    choose: (number: number | null) => void,
  ): unknown {
    const { words } = this;
    const record = this.run?.record ?? null;
    const pictured = () => record?.samples.some((each) => classOf(each) === chosen) ?? false;
    const told = this.#partly ? words.anyPictured : words.anyClass;
    return guard([counts, chosen, words], () => {
      const partly = record !== null && partlyPictured(record);
      return html`<fgsm-class-picker
        .words=${words}
        .kind=${kind}
        .record=${record}
        .counts=${counts}
        .chosen=${chosen}
        .all=${counts.size === 0 ? "–" : told(grouped(counts.size))}
        .bare=${chosen !== null && !counts.has(chosen) && partly && !pictured()}
        @choose=${({ detail }: CustomEvent<number | null>) => choose(detail)}
      ></fgsm-class-picker>`;
    });
  }

  #sorts(): TemplateResult {
    const { words } = this;
    const sorts: { [sort in Sort]: string } = {
      logged: words.sortLogged,
      confidence: words.sortConfidence,
      flip: words.sortFlip,
      loss: words.sortLoss,
    };
    return html`
      <section>
        <h2 id="sort">${words.sortBy}</h2>
        <div class="order">
          ${this.#select(
            "sort",
            SORTS.map((sort) => [sort, sorts[sort]]),
            this.sort,
            (sort) => this.store.select({ sort: sort as Sort }),
          )}
          <button
            class="framed reverse"
            aria-label=${words.reverseOrder}
            aria-pressed=${this.reversed}
            title=${words.reverseOrder}
            @click=${() => this.store.select({ reversed: !this.reversed })}
          >
            ${this.reversed ? "↑" : "↓"}
          </button>
        </div>
      </section>
    `;
  }

  #select(
    labelledBy: string,
    options: Options,
    chosen: string,
    choose: (value: string) => void,
  ): TemplateResult {
    return html`
      <span class="choice">
        <select
          class="framed"
          aria-labelledby=${labelledBy}
          @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
        >
          ${repeat(
            options,
            ([value]) => value,
            ([value, text]) =>
              html`<option value=${value} .selected=${value === chosen}>${text}</option>`,
          )}
        </select>
      </span>
    `;
  }
}

customElements.define("fgsm-filters", Filters);
