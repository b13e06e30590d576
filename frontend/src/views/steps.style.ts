import { css } from "lit";
import { MARGIN } from "./chart.style";

/** The looks of the step slider. */
export const stepsStyle = css`
  :host {
    display: grid;
    /* The track is as long as the plot above; only a step of a million and more shortens it. */
    grid-template-columns: 44px 1fr minmax(${MARGIN}px, auto);
    align-items: center;
    height: 26px;
  }
  .label {
    display: flex;
    align-items: center;
    /* The button's own room lies over the card's padding. */
    margin-left: -8px;
    color: var(--muted);
  }
  fgsm-play {
    margin-right: -4px;
  }
  input[type="range"] {
    --ink: var(--accent);
    width: calc(100% - 2 * var(--inset));
    margin: 0 var(--inset);
  }
  output {
    /* As wide as the longest number, so that the track does not move under the thumb. */
    min-width: var(--widest);
    padding-left: 8px;
  }
  .single {
    grid-column: 2;
    padding-left: 0;
  }
  /* The map above names its columns. */
  :host([columns]) {
    grid-template-columns: 44px 1fr ${MARGIN}px;
  }
`;
