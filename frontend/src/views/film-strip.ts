import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { epsilonText, percent, tickLabel } from "../model/format";
import type { Prediction, Record, Sample } from "../model/record";
import { stateOf } from "../model/samples";
import type { Logged } from "../model/selection";
import { epsilonStandIn } from "./stand-in";

interface Strip {
  readonly words: Words;
  readonly record: Record;
  readonly sample: Sample;
  readonly axis: Axis;
  /** What the current epsilon stands on. */
  readonly at: Logged;
  /** The name of the true class. */
  readonly label: string;
  readonly name: (label: number) => string;
  readonly canvas: (place: number, said: string, surety: string) => TemplateResult;
  /** Whether Tab goes to its buttons. */
  readonly tabbed: boolean;
  /** Sets epsilon to a logged one. */
  readonly set: (epsilon: number) => void;
  /** A link to the picture as a file. */
  readonly save: (place: number) => TemplateResult;
}

/** A film strip: the original, then a picture for each logged epsilon, the flip marked between. */
export function strip(of: Strip): TemplateResult {
  const { record, sample, words, label } = of;
  const places = [-1, ...record.epsilons.keys()].filter((place) => record.epsilons[place] !== 0);
  return html`
    <div class="strip" tabindex=${of.tabbed ? nothing : -1} role="group" aria-label=${words.film(label)}>
      ${places.map(
        (place, i) => html`
          ${i === 0 ? nothing : gap(of, places[i - 1] as number, place)}
          ${frame(of, place, sample.adversarial[place] ?? sample.clean)}
        `,
      )}
    </div>
  `;
}

/** What lies between two pictures: nothing, or that the model changed its mind. */
function gap({ words, sample, record, axis }: Strip, from: number, to: number): TemplateResult {
  const state = stateOf(sample, to);
  if (state === stateOf(sample, from)) return html`<span class="gap"></span>`;
  const text = (epsilon: number) => epsilonText(epsilon, axis.decimals);
  const [before, after] = [record.epsilons[from] ?? 0, record.epsilons[to] ?? 0];
  const flips = state === "flipped";
  const aimed = sample.target != null;
  // The record knows of the first flip where exactly it is.
  const exact = record.attack.refine ? sample.flip_epsilon : null;
  const within = exact != null && exact > before && exact < after ? text(exact) : null;
  const between = aimed ? words.targetBetween : words.flipsBetween;
  const back = aimed ? words.targetNoLongerAt : words.rightAgainAt;
  const says = flips ? between(text(before), text(after), within) : back(text(after));
  return html`<span class="turn" data-turn=${state} role="img" aria-label=${says} title=${says}
    >${flips ? "✕" : "✓"}</span
  >`;
}

function frame(of: Strip, place: number, prediction: Prediction): TemplateResult {
  const { words, record, sample, axis, at, name, canvas, save } = of;
  const epsilon = record.epsilons[place];
  const said = name(prediction.classes[0]);
  const set = () => of.set(epsilon ?? 0);
  const sets = words.setEpsilon(epsilonText(epsilon ?? 0, axis.decimals));
  const surety = percent(prediction.probabilities[0] ?? 0);
  // An epsilon of 0 that was logged is the original.
  const standsOn = record.epsilons[at.index] === 0 ? -1 : at.index;
  const hint = place === standsOn ? epsilonStandIn(at, axis, words) : null;
  return html`
    <figure
      class=${stateOf(sample, place) === "flipped" ? "fooled" : ""}
      aria-current=${place === standsOn ? "true" : nothing}
      ?data-stand-in=${hint !== null}
    >
      <button
        class="epsilon"
        tabindex=${of.tabbed ? 0 : -1}
        aria-label=${epsilon === undefined ? `${words.clean}: ${sets}` : sets}
        title=${hint ?? nothing}
        @click=${set}
      >
        ${epsilon === undefined ? words.clean : tickLabel(epsilon, axis.decimals)}
      </button>
      <div class="frame" @click=${set}>
        ${canvas(place, said, surety)}${place < 0 ? nothing : save(place)}
      </div>
      <figcaption>
        <span class="said cut" title=${said}>${said}</span>
        <span class="surety">${surety}</span>
      </figcaption>
    </figure>
  `;
}
