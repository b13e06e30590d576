import { css } from "lit";
import { MARGIN } from "./chart.style";

/** The looks of the large card's left part: tabs, panel, sliders. */
export const panelsStyle = css`
  :host {
    display: grid;
    grid-template-rows: 26px minmax(0, 1fr) 26px;
    gap: 4px 0;
    min-width: 0;
    min-height: 0;
  }
  .line {
    display: flex;
    gap: 16px;
    align-items: center;
    justify-content: space-between;
    min-width: 0;
  }
  .note {
    min-width: 0;
    color: var(--muted);
    font-size: 12px;
  }
  .legend {
    display: flex;
    gap: 6px;
    align-items: center;
    margin-right: ${MARGIN}px;
    white-space: nowrap;
  }
  .legend :first-child {
    margin-right: 10px;
  }
  .legend i {
    width: 72px;
    height: 9px;
    border: 1px solid var(--border);
    border-radius: 2px;
    background: linear-gradient(to right, var(--surface), var(--colour));
  }
  [role="tabpanel"] {
    display: grid;
    grid-template-rows: minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  [role="tabpanel"].with-epsilon {
    grid-template-rows: minmax(0, 1fr) 26px;
    gap: 4px 0;
  }
  /* Its track is as long as that of the step slider below. */
  .epsilon {
    display: grid;
    grid-template-columns: 44px minmax(0, 1fr) ${MARGIN}px;
    align-items: center;
  }
  .epsilon > span {
    color: var(--muted);
  }
  .track {
    position: relative;
    height: 26px;
    margin: 0 7px;
  }
  @media (max-width: 959px) {
    .legend {
      margin-right: 0;
    }
  }
`;
