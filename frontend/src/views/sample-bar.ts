import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { per255 } from "../model/format";
import type { Record } from "../model/record";
import { type Logged, NOISE_SCALES, type NoiseScale, picturedAt } from "../model/selection";
import { magnified } from "./picture";

type Middle = "noise" | "difference";
type Arrangement = "row" | "swipe";

/** What the bar above the pictures tells, and what its buttons do. */
interface Barred {
  readonly words: Words;
  readonly record: Record;
  readonly at: Logged;
  readonly epsilon: number;
  readonly noise: NoiseScale;
  readonly arrangement: Arrangement;
  readonly middle: Middle;
  readonly blinking: boolean;
  /** The screen's pixels per pixel of the picture. */
  readonly scale: number;
  readonly arrange: (arrangement: Arrangement) => void;
  readonly show: (middle: Middle) => void;
  readonly magnify: (noise: NoiseScale) => void;
  readonly nearer: (times: number) => void;
  readonly whole: () => void;
  readonly blink: (on: boolean) => void;
}

/** The bar above a sample's pictures: how they lie, what the middle one is, how near one is. */
export function sampleBar(of: Barred): TemplateResult {
  const { words, arrangement } = of;
  return html`
    <div class="bar">
      ${segmented(words.shape, arrangement, of.arrange, [
        ["row", words.sideBySide],
        ["swipe", words.swipe],
      ])}
      ${arrangement === "row" ? middle(of) : nothing} ${blink(of)} ${zoom(of)}
    </div>
  `;
}

/** Buttons of which one is chosen. */
function segmented<T>(
  label: string,
  chosen: T,
  choose: (value: T) => void,
  choices: readonly (readonly [value: T, text: string, hint?: string])[],
): TemplateResult {
  return html`<div class="segments" role="group" aria-label=${label}>
    ${choices.map(
      ([value, text, hint]) => html`<button
        data-choice=${String(value)}
        aria-pressed=${value === chosen}
        title=${hint ?? nothing}
        @click=${() => choose(value)}
      >
        ${text}
      </button>`,
    )}
  </div>`;
}

function middle(of: Barred): TemplateResult {
  const { words, record, noise } = of;
  return html`
    ${
      record.pictures === "each"
        ? nothing
        : segmented<Middle>(words.middlePicture, of.middle, of.show, [
            ["noise", words.noise],
            ["difference", words.differenceClipped, words.differenceClippedHint],
          ])
    }
    ${segmented<NoiseScale>(
      words.noiseScale,
      noise,
      of.magnify,
      NOISE_SCALES.map((times) => [
        times,
        times === null ? words.noiseFull : `×${times}`,
        words.noiseScaleHint,
      ]),
    )}
    ${legend(of)}
  `;
}

/** Which level black and white stand for in the middle picture. */
function legend(of: Barred): TemplateResult {
  const { words, noise, middle, record, at, epsilon } = of;
  const times = magnified(of);
  const shown = picturedAt(record, at, epsilon);
  // Noise at full contrast is shown at no epsilon, too: of what size it is, is then not the point.
  const symbolic = middle === "noise" && noise === null && shown === 0;
  const reach = symbolic ? "ε" : `${per255(0.5 / times)}/255`;
  return html`
    <span class="legend">
      <span>${words.blackIs} = −${reach}</span><i aria-hidden="true"></i
      ><span>+${reach} = ${words.whiteIs}</span>
      <span class="times">× ${Number(times.toPrecision(3))}</span>
    </span>
  `;
}

/** Held by a pointer or a key, it shows the original in the adversarial picture's place. */
function blink({ words, blinking, blink }: Barred): TemplateResult {
  const on = () => blink(true);
  const off = () => blink(false);
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    blink(event.type === "keydown");
  };
  return html`<button
    class="framed blink"
    aria-pressed=${blinking}
    aria-keyshortcuts="b"
    title=${words.blinkHint}
    @pointerdown=${on}
    @pointerup=${off}
    @pointercancel=${off}
    @pointerleave=${off}
    @contextmenu=${(event: Event) => event.preventDefault()}
    @keydown=${pressed}
    @keyup=${pressed}
    @blur=${off}
  >
    ${words.blink} <kbd aria-hidden="true">b</kbd>
  </button>`;
}

function zoom({ words, scale, nearer, whole }: Barred): TemplateResult {
  const times = Number(scale.toPrecision(3));
  return html`<span class="zoom">
    <button class="framed" aria-label=${words.zoomOut} title=${words.zoomOut} aria-keyshortcuts="-" @click=${() => nearer(-2)}>−</button>
    <output aria-label=${words.zoomTold(String(times))} title=${words.zoomTold(String(times))}>× ${times}</output>
    <button class="framed" aria-label=${words.zoomIn} title=${words.zoomIn} aria-keyshortcuts="+" @click=${() => nearer(2)}>+</button>
    <button class="framed" title=${words.zoomWholeHint} aria-keyshortcuts="0" @click=${whole}>${words.zoomWhole}</button>
  </span>`;
}
