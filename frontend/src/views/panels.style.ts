import { css } from "lit";
import { MARGIN } from "./chart.style";

/** The looks of the large card's left part: tabs, panel, sliders. */
export const panelsStyle = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    gap: 4px 0;
    min-width: 0;
    min-height: 0;
    container: card / inline-size;
  }
  .line {
    display: flex;
    gap: 16px;
    align-items: center;
    justify-content: space-between;
    min-width: 0;
  }
  fgsm-help {
    flex: none;
    margin-left: auto;
  }
  .line .note {
    order: 1;
  }
  .line fgsm-save {
    flex: none;
    order: 2;
  }
  .line fgsm-help {
    order: 2;
    margin-left: -8px;
  }
  .segments + fgsm-save {
    margin-left: auto;
  }
  .note {
    min-width: 0;
    margin-left: auto;
    color: var(--muted);
    font-size: 12px;
  }
  .key {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 0 16px;
    justify-content: flex-end;
  }
  .key > span {
    display: flex;
    gap: 6px;
    align-items: center;
    line-height: 18px;
    white-space: nowrap;
  }
  .key svg {
    width: 22px;
    height: 10px;
    stroke: var(--colour);
    stroke-width: 1.75;
  }
  .key path {
    fill: color-mix(in srgb, var(--colour) 22%, transparent);
    stroke-width: 1;
  }
  .legend {
    display: flex;
    gap: 6px;
    align-items: center;
    flex: 1;
    justify-content: flex-end;
    white-space: nowrap;
  }
  .legend :first-child {
    margin-right: 10px;
  }
  .legend i {
    width: 72px;
    height: 9px;
    border: 1px solid var(--control);
    border-radius: 2px;
    background: linear-gradient(
      to right,
      color-mix(in srgb, var(--colour) 8%, var(--surface)),
      var(--colour)
    );
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
  /* Where tabs and key do not fit side by side, the key has a line of its own. */
  @container card (max-width: 720px) {
    .line {
      flex-wrap: wrap;
      gap: 2px 16px;
    }
    .line .note {
      order: 3;
      flex: 0 0 100%;
      justify-content: flex-start;
    }
    .line fgsm-save {
      margin-left: auto;
    }
  }
  @container card (max-width: 400px) {
    .segments:has(:nth-child(4)) button {
      padding: 2px 7px;
    }
  }
`;
