import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { grouped, percent } from "../model/format";
import { isNewer } from "../model/run";
import { robustAccuracy } from "../model/selection";
import type { RunView } from "../store";
import { DashboardElement, data } from "./element";
import { cutName, longName } from "./long-name";
import { runsStyle } from "./runs.style";
import { stepStandIn } from "./stand-in";
import { base, marked } from "./theme";

/** Beyond this many runs, there is a field to filter them by name. */
const MANY = 7;

/** The list of runs: the dot draws a run's line, the name brings its samples into the grid. */
export class Runs extends DashboardElement {
  static override properties = { runs: data, step: data, query: { state: true } };

  declare runs: readonly RunView[];
  declare step: number | null;
  declare query: string;

  static override styles = [base, longName, runsStyle, marked];

  constructor() {
    super();
    this.query = "";
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get("runs") as readonly RunView[] | undefined;
    const focused = (runs: readonly RunView[]) => runs.find((run) => run.focused)?.name;
    if (!changed.has("runs") || focused(before ?? []) === focused(this.runs)) return;
    this.renderRoot.querySelector(".focused")?.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult {
    const { words } = this;
    const query = this.query.toLowerCase();
    const found = this.#ordered().filter((run) => run.name.toLowerCase().includes(query));
    return html`
      <h2>${words.runs}</h2>
      ${this.runs.length > MANY ? this.#filter() : nothing}
      <div class="list">
        ${found.length === 0 ? html`<p class="none">${words.noSuchRun}</p>` : nothing}
        ${repeat(
          found,
          (run) => run.name,
          (run) => this.#run(run),
        )}
      </div>
    `;
  }

  /** Among many runs, those with the tag come first, or one would have to look for them. */
  #ordered(): readonly RunView[] {
    const { runs } = this;
    if (runs.length <= MANY) return runs;
    return [...runs.filter((run) => run.tagged), ...runs.filter((run) => !run.tagged)];
  }

  #filter(): TemplateResult {
    return html`<input
      type="search"
      placeholder=${this.words.filterRuns}
      aria-label=${this.words.filterRuns}
      .value=${this.query}
      @input=${(event: InputEvent) => {
        this.query = (event.target as HTMLInputElement).value;
      }}
    />`;
  }

  #run(run: RunView): TemplateResult {
    const { words } = this;
    const classes = `run${run.focused ? " focused" : ""}${run.tagged ? "" : " untagged"}`;
    return html`
      <div class=${classes} data-run=${run.name} style="--colour: var(${run.colour})">
        <button
          class="dot drawn"
          data-mark=${run.mark}
          aria-pressed=${run.drawn}
          aria-label=${words.drawRun(run.name)}
          title=${words.drawRun(run.name)}
          ?disabled=${!run.tagged}
          @click=${() => this.#toggle(run)}
        ></button>
        <button
          class="pick"
          title=${run.tagged ? run.name : `${run.name}\n${words.otherTag(run.tags[0] ?? "")}`}
          aria-current=${run.focused}
          @click=${() => this.#focus(run)}
        >
          ${cutName(run.short, run.name)} ${this.#number(run)}
        </button>
      </div>
    `;
  }

  /** The robust accuracy, and the step where it is not the one asked for. */
  #number(run: RunView): TemplateResult | typeof nothing {
    const { record, at, step } = run;
    if (!record || !at) return this.#missing(run);
    const { words } = this;
    const standIn = stepStandIn(step, this.step, words);
    return html`
      ${
        standIn
          ? html`<span class="number stand-in" title=${standIn[1]}>${standIn[0]}</span>`
          : nothing
      }
      <span class="number accuracy">${percent(robustAccuracy(record, at), 0)}</span>
    `;
  }

  /** Why a drawn run has neither line nor number: or it would vanish without a word. */
  #missing({ name, drawn, error, step, firstStep }: RunView): TemplateResult | typeof nothing {
    const { store, words } = this;
    if (error) {
      const unread = isNewer(error) ? words.newer : words.damaged;
      const text = error.status === 422 ? unread : words.notLoaded;
      return html`<span class="number damaged" title=${store.voice.sentence(error)}>! ${text}</span>`;
    }
    if (!drawn || step !== null || firstStep === null) return nothing;
    const first = grouped(firstStep);
    return html`<span class="number stand-in" title=${words.before(name, first)}
      >${words.fromStep(first)}</span
    >`;
  }

  #drawn(): string[] {
    return this.runs.filter((run) => run.drawn).map((run) => run.name);
  }

  #toggle(run: RunView): void {
    const others = this.#drawn().filter((each) => each !== run.name);
    if (!run.drawn) this.store.select({ runs: [...others, run.name] });
    // One line at least stays: an empty chart says nothing.
    else if (others.length > 0) {
      this.store.select({ runs: others, ...(run.focused ? { run: null } : {}) });
    }
  }

  #focus(run: RunView): void {
    if (!run.tagged) {
      this.store.select({ run: run.name, tag: run.tags[0] ?? null });
      return;
    }
    const drawn = this.#drawn();
    this.store.select({
      run: run.name,
      ...(run.drawn ? {} : { runs: [...drawn, run.name] }),
    });
  }
}

customElements.define("fgsm-runs", Runs);
