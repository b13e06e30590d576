import { css, html, svg, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { climbed, climbPoints, sharePoints } from "../model/climb";
import { percent } from "../model/format";

/** Around the line, so that its ends are whole. */
const EDGE = 3;

/** What a climb's line says, in a sentence. */
export function climbText(name: string, losses: readonly number[], words: Words): string {
  const found = climbed(losses);
  if (!found) return words.climbNoRise(name);
  const { steps, level, last, late } = found;
  return level === null
    ? words.climbRises(name, String(last), String(steps), percent(late, 0))
    : words.climbLevel(name, String(level), String(steps));
}

/** The same in a word or two. */
export function climbShort(losses: readonly number[], words: Words): string {
  const found = climbed(losses);
  if (!found) return words.climbNoRiseShort;
  const { level, steps } = found;
  return level === null ? words.climbRisesShort : words.climbLevelShort(`${level}/${steps}`);
}

/**
 * The loss along an attack's steps as a small line, so wide and high in pixels; dashed beside it, on a
 * scale of 0 to 1, which share of all samples is right.
 */
export function climbLine(
  losses: readonly number[],
  width: number,
  height: number,
  shares: readonly number[] = [],
  label = "",
): TemplateResult {
  const points = climbPoints(losses, width, height);
  const [x, y] = points.split(" ").at(-1)?.split(",") ?? [];
  const [wide, high] = [width + 2 * EDGE, height + 2 * EDGE];
  return html`<svg
    width=${wide}
    height=${high}
    viewBox="${-EDGE} ${-EDGE} ${wide} ${high}"
    role="img"
    aria-label=${label}
    aria-hidden=${!label}
  >
    <polyline class="right" points=${sharePoints(shares, width, height)} />
    <polyline points=${points} />
    ${svg`<circle cx=${x} cy=${y} r="2.5" />`}
  </svg>`;
}

/** The line, with what it says. */
export function climb(name: string, losses: readonly number[], words: Words): TemplateResult {
  const text = climbText(name, losses, words);
  return html`<div class="climb">${climbLine(losses, 114, 24)}<span>${text}</span></div>`;
}

export const climbStyle = css`
  .climb {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 10px;
  }
  .climb svg {
    flex: none;
  }
  .climb polyline {
    fill: none;
    stroke: var(--muted);
    stroke-width: 1.5;
  }
  .climb .right {
    stroke: var(--text);
    stroke-dasharray: 2;
  }
  .climb circle {
    fill: var(--text);
  }
`;
