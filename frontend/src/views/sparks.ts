import { html, svg, type TemplateResult } from "lit";
import { HEIGHT, WIDTH } from "./sparkline";

/** One side's curve: the probability of the true class at 0 and each epsilon. */
export interface SparkLine {
  readonly points: string;
  /** The name of the variable that has its run's colour. */
  readonly colour: string;
  /** Whether its run has another line. */
  readonly dashed: boolean;
}

/** The curves of several sides in a card's head; the line of the current epsilon is set afterwards. */
export function sparks(lines: readonly SparkLine[], label: string): TemplateResult {
  return html`
    <div class="spark" role="img" aria-label=${label} title=${label}>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
        <line class="floor" x1="0" x2=${WIDTH} y1=${HEIGHT - 0.5} y2=${HEIGHT - 0.5} />
        ${lines.map(
          ({ points, colour, dashed }) => svg`<polyline
            points=${points}
            style="stroke: var(${colour})"
            stroke-dasharray=${dashed ? "3 2.5" : "none"}
          />`,
        )}
      </svg>
      <i></i>
    </div>
  `;
}
