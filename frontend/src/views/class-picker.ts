import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { matchClasses, offered } from "../model/class-choice";
import { grouped } from "../model/format";
import type { Record } from "../model/record";
import { className, namer } from "../model/samples";
import { classPickerStyle } from "./class-picker.style";
import { anyOf, DashboardElement, data } from "./element";
import { keyTarget } from "./keys";
import { base, framed, unseen } from "./theme";

/** How many of the classes that match are in the document. */
const MOST = 50;

/** The list's greatest height, and the least with which it lies below the field, in pixels. */
const HEIGHT = 300;
const LEAST = 180;

/** A field in which one types a part of a class's name, or its number, and chooses one of those found. */
export class ClassPicker extends DashboardElement {
  static override properties = {
    kind: data,
    record: data,
    counts: data,
    chosen: data,
    all: data,
    bare: data,
    text: { state: true },
    opened: { state: true },
    active: { state: true },
    focused: { state: true },
  };

  /** What the class is: the true one, or the predicted one. */
  declare kind: string;
  declare record: Record | null;
  /** How many samples each class would show. */
  declare counts: ReadonlyMap<number, number>;
  declare chosen: number | null;
  /** What is said where none is chosen. */
  declare all: string;
  /** Whether the chosen class is one that no sample with pictures has. */
  declare bare: boolean;
  /** What was typed; null where that is not to be looked for. */
  declare text: string | null;
  declare opened: boolean;
  /** The place in the list that Enter takes; -1 for none. */
  declare active: number;
  declare focused: boolean;

  /** The classes in the list, null for all of them, and how many more match. */
  #listed: readonly (number | null)[] = [];
  #more = 0;
  /** Ends what is listened to while the list is open. */
  #scrolling = new AbortController();

  static override styles = [base, framed, unseen, classPickerStyle];

  constructor() {
    super();
    this.text = null;
    this.opened = false;
    this.active = -1;
    this.focused = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  override willUpdate(changed: PropertyValues): void {
    if (!this.opened) {
      this.#listed = [];
      return;
    }
    if (!anyOf(changed, "opened", "text", "counts", "chosen", "record", "words")) return;
    const text = this.text ?? "";
    const found = matchClasses(offered(this.counts, this.chosen), text, this.#named);
    const some = found.slice(0, MOST);
    this.#listed = text.trim() === "" ? [null, ...some] : some;
    this.#more = found.length - some.length;
    const first = text.trim() === "" ? this.#listed.indexOf(this.chosen) : 0;
    if (anyOf(changed, "opened", "text")) this.active = first;
    this.active = Math.min(this.active, this.#listed.length - 1);
  }

  override render(): TemplateResult {
    const { words, kind, chosen, focused } = this;
    const shown = chosen === null ? "" : focused ? this.#named(chosen) : this.#told(chosen);
    return html`
      <input
        class="framed"
        role="combobox"
        aria-label=${kind}
        aria-autocomplete="list"
        aria-expanded=${this.opened}
        aria-controls="list"
        aria-activedescendant=${this.opened && this.active >= 0 ? `option-${this.active}` : nothing}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        placeholder=${focused ? words.classHint : this.all}
        title=${chosen === null ? nothing : this.#told(chosen)}
        ?data-set=${chosen !== null}
        .value=${live(this.text ?? shown)}
        @focus=${this.#focus}
        @blur=${this.#blur}
        @input=${this.#type}
        @keydown=${this.#key}
        @click=${this.#open}
      />
      ${
        chosen === null
          ? nothing
          : html`<button
              class="clear"
              aria-label=${words.clearClass(kind)}
              title=${words.clearClass(kind)}
              @click=${() => this.#choose(null)}
            >
              ×
            </button>`
      }
      <button class="open" tabindex="-1" aria-hidden="true" @mousedown=${this.#toggle}></button>
      ${this.#popup()}
      <p class="unseen" role="status">${this.opened ? this.#said() : ""}</p>
    `;
  }

  override updated(changed: PropertyValues): void {
    const popup = this.renderRoot.querySelector<HTMLElement>(".popup");
    if (!popup || !this.opened) return;
    // In the browser's top layer nothing of the page cuts it off.
    if (popup.popover && !popup.matches(":popover-open")) popup.showPopover();
    if (changed.has("opened")) this.#place(popup);
    popup.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  #popup(): TemplateResult {
    const { words } = this;
    if (!this.opened)
      return html`<ul id="list" role="listbox" aria-label=${words.classesOf(this.kind)} hidden></ul>`;
    const note =
      this.#listed.length === 0
        ? words.noSuchClass
        : this.#more > 0 && words.moreClasses(grouped(this.#more));
    return html`
      <div class="popup" popover="manual" @mousedown=${(event: Event) => event.preventDefault()}>
        <ul id="list" role="listbox" aria-label=${words.classesOf(this.kind)}>${this.#listed.map(
          (label, place) => this.#option(label, place),
        )}</ul>
        ${note ? html`<p>${note}</p>` : nothing}
      </div>
    `;
  }

  #option(label: number | null, place: number): TemplateResult {
    const told = label === null ? this.all : this.#told(label);
    const number = label !== null && className(this.record, label) !== null;
    return html`
      <li
        id="option-${place}"
        role="option"
        data-class=${label ?? ""}
        class=${place === this.active ? "active" : ""}
        aria-selected=${label === this.chosen}
        title=${told}
        @click=${() => this.#choose(label)}
      >
        ${number ? html`<span class="number">${label}</span>` : nothing}
        <span class="cut">${label === null ? this.all : this.#named(label)}</span>
        ${label === null ? nothing : html`<span class="count">${grouped(this.counts.get(label) ?? 0)}</span>`}
      </li>
    `;
  }

  readonly #named = (label: number): string => namer(this.record, this.words.unnamedClass)(label);

  /** A class and how many samples it has. */
  #told(label: number): string {
    const name = this.#named(label);
    if (this.bare && label === this.chosen) return this.words.classUnpictured(name);
    return this.words.classCount(name, grouped(this.counts.get(label) ?? 0));
  }

  /** What a screen reader says of the list. */
  #said(): string {
    const found = this.#listed.filter((label) => label !== null).length + this.#more;
    return found === 0 ? this.words.noSuchClass : this.words.classesFound(grouped(found));
  }

  #focus(event: FocusEvent): void {
    this.focused = true;
    const field = event.currentTarget as HTMLInputElement;
    void this.updateComplete.then(() => field.select());
  }

  #blur(): void {
    this.focused = false;
    this.#close();
  }

  #type(event: InputEvent): void {
    this.text = (event.target as HTMLInputElement).value;
    this.#open();
  }

  #open(): void {
    if (this.opened) return;
    this.opened = true;
    // The list stays where it is while what lies around the field is scrolled away from it.
    const close = () => this.#close();
    const { signal } = this.#scrolling;
    window.addEventListener("resize", close, { signal });
    for (let around: Node | null = this; around; around = parentOf(around)) {
      around.addEventListener("scroll", close, { passive: true, signal });
    }
  }

  #toggle(event: Event): void {
    event.preventDefault();
    const opened = this.opened;
    this.#field.focus();
    if (opened) this.#close();
    else this.#open();
  }

  #close(): void {
    this.#scrolling.abort();
    this.#scrolling = new AbortController();
    this.opened = false;
    this.text = null;
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const last = this.#listed.length - 1;
    if (!this.opened) {
      if (keyTarget(event, { ArrowDown: true, ArrowUp: true })) this.#open();
      return;
    }
    if (event.key === "Escape") {
      // It closes the list, and not what lies around it.
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      const label = this.#listed[this.active];
      if (label !== undefined) this.#choose(label);
      return;
    }
    const target = keyTarget(event, {
      ArrowDown: this.active < last ? this.active + 1 : 0,
      ArrowUp: this.active > 0 ? this.active - 1 : last,
      PageDown: Math.min(last, this.active + 8),
      PageUp: Math.max(0, this.active - 8),
    });
    if (target !== undefined) this.active = target;
  }

  #choose(label: number | null): void {
    this.#close();
    this.#field.focus();
    this.dispatchEvent(new CustomEvent("choose", { detail: label }));
    void this.updateComplete.then(() => this.#field.select());
  }

  get #field(): HTMLInputElement {
    return this.renderRoot.querySelector("input") as HTMLInputElement;
  }

  /** Below the field, or above it where there is more room. */
  #place(popup: HTMLElement): void {
    const { left, top, bottom, width } = this.#field.getBoundingClientRect();
    const below = window.innerHeight - bottom - 12;
    const above = top - 12;
    const under = below >= Math.min(LEAST, above);
    popup.style.left = `${left}px`;
    popup.style.width = `${width}px`;
    popup.style.maxHeight = `${Math.min(HEIGHT, under ? below : above)}px`;
    popup.style.top = under ? `${bottom + 4}px` : "auto";
    popup.style.bottom = under ? "auto" : `${window.innerHeight - top + 4}px`;
  }
}

/** What a node lies in, from a shadow root the element that has it. */
function parentOf(node: Node): Node | null {
  return node instanceof ShadowRoot ? node.host : node.parentNode;
}

customElements.define("fgsm-class-picker", ClassPicker);
