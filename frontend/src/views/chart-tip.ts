import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import type { Axis } from "../model/axis";
import { comparisons } from "../model/comparisons";
import { bothTexts, grouped, percent } from "../model/format";
import { between } from "../model/interval";
import { accuracyAt } from "../model/run";
import type { RunView } from "../store";
import { cutName } from "./long-name";
import type { Box } from "./plot";
import { beside } from "./tip";

/** How many runs' numbers are told at a point at most, how high each is, and what is around them. */
export const TOLD = 7;
const LINE = 18;
const AROUND = 16;

/**
 * The exact numbers of the chart's lines at an epsilon.
 *
 * @param box where the plot lies
 * @param focus the run whose line has others beside it for comparison
 */
export function chartTip(
  epsilon: number,
  box: Box,
  axis: Axis,
  lines: readonly RunView[],
  focus: RunView | undefined,
  words: Words,
): TemplateResult {
  const { left, top, width, height } = box;
  // The focused run first; the others in the order of their names.
  const sorted = [...lines].sort((a, b) => Number(b.focused) - Number(a.focused));
  const others = comparisons(focus?.record);
  // It stays within the plot: below it are the axis and its buttons.
  const lower = others.length + others.filter(({ count }) => count).length;
  const room = Math.floor((height - AROUND) / LINE) - 2 - lower;
  const told = lines.length <= room ? lines.length : Math.max(1, Math.min(TOLD, room - 1));
  const x = left + axis.place(epsilon) * width;
  const [text, other] = bothTexts(epsilon, axis.decimals);
  return html`
    <div class="tip" style="top: ${top}px; ${beside(x, left + width / 2, 14)}">
      <div class="at">
        <span>${text}</span>
        <span>${epsilon === 0 ? words.clean : `${axis.decimals ? "=" : "ε ="} ${other}`}</span>
      </div>
      ${sorted.slice(0, told).map((run) => {
        const accuracy = accuracyAt(run.record, epsilon);
        return accuracy === null
          ? nothing
          : html`<div
              class="spotted"
              data-mark=${run.mark}
              style="--colour: var(${run.colour})"
            >
              ${cutName(run.short, run.name)}<span>${percent(accuracy)}</span>
            </div>
            ${run.focused && run.record ? sure(between(accuracy, run.record.count), words) : nothing}`;
      })}
      ${others.map(({ name, accuracies, count }) => {
        const accuracy = accuracies(epsilon);
        return accuracy === null
          ? nothing
          : html`<div class="at"><span>${words[name]}</span><span>${percent(accuracy)}</span></div>
              ${count ? sure(between(accuracy, count), words) : nothing}`;
      })}
      ${
        lines.length > told
          ? html`<div class="at">${words.moreRuns(grouped(lines.length - told))}</div>`
          : nothing
      }
    </div>
  `;
}

function sure(interval: string, words: Words): TemplateResult {
  return html`<div class="at"><span>${words.interval}</span><span>${interval}</span></div>`;
}
