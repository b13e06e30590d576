import { html, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { type Pixel, pixelOf } from "../model/pair";
import { pairAt, type Seen } from "./picture";

interface Place {
  readonly x: number;
  readonly y: number;
}

function pixelThere(seen: Seen, { x, y }: Place, shades: 1 | 3): Pixel {
  return pixelOf(pairAt(seen), y * seen.record.picture.width + x, shades);
}

const signed = (level: number) => (level < 0 ? `−${-level}` : level > 0 ? `+${level}` : "0");

/** A pixel's levels in both pictures, and what they differ in. */
export function readout(seen: Seen, at: Place, shades: 1 | 3, words: Words): TemplateResult {
  const { original, adversarial, difference } = pixelThere(seen, at, shades);
  const levels = (of: readonly number[], write: (level: number) => string = String) =>
    html`<code>${of.map(write).join(" ")}</code>`;
  return html`
    <span>${words.pixelAt(String(at.x), String(at.y))}</span>
    <span>${swatch(original)} ${words.original} ${levels(original)}</span>
    <span>${swatch(adversarial)} ${words.adversarial} ${levels(adversarial)}</span>
    <span>${words.differenceClipped} ${levels(difference, signed)}</span>
  `;
}

function swatch(levels: readonly number[]): TemplateResult {
  const [red = 0, green = red, blue = red] = levels;
  return html`<i class="swatch" style="background: rgb(${red} ${green} ${blue})"></i>`;
}

/** The same in a sentence, to be read aloud. */
export function toldPixel(seen: Seen, at: Place, shades: 1 | 3, words: Words): string {
  const { original, adversarial, difference } = pixelThere(seen, at, shades);
  return words.pixelTold(
    words.pixelAt(String(at.x), String(at.y)),
    original.join(" "),
    adversarial.join(" "),
    difference.map(signed).join(" "),
  );
}
