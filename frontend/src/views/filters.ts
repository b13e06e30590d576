import { css, html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Sample } from "../api";
import { grouped } from "../format";
import {
  className,
  countStates,
  SHOWS,
  type Show,
  SORTS,
  type Sort,
  trueClasses,
} from "../samples";
import type { Selection } from "../state";
import type { RunView } from "../store";
import { data, Part } from "./part";
import { base, framed } from "./theme";

/** What to read and in which order: tag, state, true class, sort. The counts are the filters. */
export class Filters extends Part {
  static override properties = {
    tags: data,
    tag: data,
    run: data,
    show: data,
    label: data,
    sort: data,
  };

  declare tags: readonly string[];
  declare tag: string | null;
  declare run: RunView | null;
  declare show: Show;
  declare label: number | null;
  declare sort: Sort;

  static override styles = [
    base,
    framed,
    css`
      section:not([hidden]) ~ section {
        margin-top: 20px;
      }
      .choice {
        display: block;
        position: relative;
        margin-top: 6px;
      }
      .choice::after {
        position: absolute;
        top: 12px;
        right: 11px;
        width: 6px;
        height: 6px;
        border: solid var(--muted);
        border-width: 0 1.5px 1.5px 0;
        transform: rotate(45deg);
        content: "";
        pointer-events: none;
      }
      select {
        width: 100%;
        height: 32px;
        padding: 0 28px 0 9px;
        appearance: none;
        overflow: hidden;
        text-overflow: ellipsis;
        cursor: pointer;
      }
      .filters {
        display: grid;
        gap: 2px;
        margin: 4px -6px 0;
      }
      .filters button {
        display: flex;
        gap: 8px;
        justify-content: space-between;
        padding: 4px 8px 4px 15px;
        border-radius: 6px;
        line-height: 18px;
      }
      .filters button:hover {
        background: color-mix(in srgb, var(--raised) 55%, transparent);
      }
      .filters button[aria-pressed="true"] {
        background: var(--raised);
      }
      .filters button[data-show="flipped"][aria-pressed="true"] {
        background: var(--flipped-surface);
        color: var(--flipped);
      }
    `,
  ];

  override render(): TemplateResult {
    const { words } = this;
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
      ${this.#samples(this.run?.record?.samples ?? [])}
    `;
  }

  #samples(samples: readonly Sample[]): TemplateResult {
    const { words } = this;
    const sorts: { [sort in Sort]: string } = {
      logged: words.sortLogged,
      confidence: words.sortConfidence,
      flip: words.sortFlip,
      loss: words.sortLoss,
    };
    return html`
      <section>
        <h2 id="show">${words.show}</h2>
        <div class="filters" role="group" aria-labelledby="show">${this.#states(samples)}</div>
      </section>
      <section>
        <h2 id="class">${words.trueClass}</h2>
        ${this.#select("class", this.#classes(samples), String(this.label ?? ""), (value) =>
          this.store.select({ label: value === "" ? null : Number(value) }),
        )}
      </section>
      <section>
        <h2 id="sort">${words.sortBy}</h2>
        ${this.#select(
          "sort",
          SORTS.map((sort) => [sort, sorts[sort]]),
          this.sort,
          (sort) => this.store.select({ sort: sort as Selection["sort"] }),
        )}
      </section>
    `;
  }

  #states(samples: readonly Sample[]): TemplateResult[] {
    const { words, label } = this;
    const names: { [show in Show]: string } = {
      all: words.showAll,
      flipped: words.showFlipped,
      right: words.showRight,
      wrong: words.showWrong,
    };
    const among = label === null ? samples : samples.filter((sample) => sample.label === label);
    const counts = countStates(among, this.run?.at?.index ?? -1);
    return SHOWS.map(
      (show) => html`
        <button
          data-show=${show}
          aria-pressed=${this.show === show}
          ?disabled=${samples.length === 0}
          @click=${() => this.store.select({ show })}
        >
          <span>${names[show]}</span><span data-count>${samples.length === 0 ? "–" : grouped(counts[show])}</span>
        </button>
      `,
    );
  }

  /** The options of the true class, with how many samples each has. */
  #classes(samples: readonly Sample[]): [string, string][] {
    const { words, label } = this;
    const counts = new Map<number, number>();
    for (const sample of samples) counts.set(sample.label, (counts.get(sample.label) ?? 0) + 1);
    const classes = trueClasses(samples);
    // The chosen class stays to be seen where a step has no sample of it.
    if (label !== null && !counts.has(label)) classes.push(label);
    const named = classes.map((number): [string, string] => {
      const name = className(this.run?.record, number) ?? words.unnamedClass(number);
      return [String(number), words.classCount(name, grouped(counts.get(number) ?? 0))];
    });
    return [["", counts.size === 0 ? "–" : words.anyClass(grouped(counts.size))], ...named];
  }

  #select(
    labelledBy: string,
    options: readonly (readonly [string, string])[],
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
