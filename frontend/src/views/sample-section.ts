import { html, nothing, type TemplateResult } from "lit";
import type { Axis } from "../model/axis";
import type { Record, Sample } from "../model/record";
import type { RunView } from "../store";
import "./cross-section";
import type { DashboardElement } from "./element";

/** A sample's cross-section, if one was logged. */
export function sampleSection(
  of: Pick<DashboardElement, "store" | "words"> & {
    readonly run: RunView | null;
    readonly axis: Axis;
    readonly epsilon: number;
  },
  record: Record,
  sample: Sample,
): TemplateResult | typeof nothing {
  if (!sample.section) return nothing;
  return html`<fgsm-cross-section
    .store=${of.store}
    .words=${of.words}
    .run=${of.run}
    .record=${record}
    .sample=${sample}
    .axis=${of.axis}
    .epsilon=${of.epsilon}
  ></fgsm-cross-section>`;
}
