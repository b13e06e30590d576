import { html, type TemplateResult } from "lit";
import type { Words } from "../i18n/words";
import { grouped, harmless } from "../model/format";
import type { RunView } from "../store";
import { stepStandIn } from "./stand-in";

/** Where a sample is from: run, tag and step, and that the step stands for another where it does. */
export function whence(
  run: RunView,
  tag: string,
  wanted: number | null,
  words: Words,
): TemplateResult {
  const standIn = stepStandIn(run.step, wanted, words);
  const step = words.atStep(grouped(run.step ?? 0));
  return html`<span class="from">
    <span class="spotted" data-mark=${run.mark} style="--colour: var(${run.colour})"
      >${harmless(run.name)}</span
    >
    · ${harmless(tag)} · <span>${standIn ? `${step} (${standIn[1]})` : step}</span>
  </span>`;
}
