import { html, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import type { NoiseScale, Shape } from "../model/selection";
import type { Side } from "../model/sides";
import type { RunView, Store } from "../store";
import "./card";
import type { Card } from "./card";
import type { Comparison } from "./comparison";

/** What all cards of a grid are handed alike. */
interface Hand {
  readonly store: Store;
  readonly words: Words;
  readonly run: RunView;
  readonly axis: Axis;
  readonly shape: Shape;
  readonly noise: NoiseScale;
  /** The step that was asked for, and what is said where another stands for it. */
  readonly step: number | null;
  readonly standIn: readonly [string, string] | null;
  /** What the samples have beside them, where the shape is of that kind. */
  readonly sides: readonly Side[];
}

/** Where a card lies: which of how many it is, and of which sample. */
interface Spot {
  readonly place: number;
  readonly count: number;
  readonly position: number | undefined;
  readonly style: string;
  /** Whether Tab goes to it. */
  readonly tabbed: boolean;
}

/** Tells by its name: the comparison itself is loaded later. */
export function isComparison(card: Card | Comparison): card is Comparison {
  return card.localName === "fgsm-comparison";
}

/** The card of a sample, in the shape that is wanted. */
export function dealt(hand: Hand, { place, count, position, style, tabbed }: Spot): TemplateResult {
  const { store, words, run, axis, shape, standIn } = hand;
  if (shape === "compare" || shape === "time") {
    return html`<fgsm-comparison
      role="listitem"
      aria-setsize=${count}
      aria-posinset=${place + 1}
      data-place=${place}
      style=${style}
      .store=${store}
      .words=${words}
      .record=${run.record}
      .position=${position}
      .axis=${axis}
      .shape=${shape}
      .sides=${hand.sides}
      .step=${hand.step}
      .standIn=${standIn}
      .tabbed=${tabbed}
    ></fgsm-comparison>`;
  }
  return html`<fgsm-card
    role="listitem"
    aria-setsize=${count}
    aria-posinset=${place + 1}
    data-place=${place}
    style=${style}
    .store=${store}
    .words=${words}
    .record=${run.record}
    .position=${position}
    .at=${run.at}
    .axis=${axis}
    .shape=${shape}
    .noise=${hand.noise}
    .standIn=${standIn}
    .tabbed=${tabbed}
  ></fgsm-card>`;
}
