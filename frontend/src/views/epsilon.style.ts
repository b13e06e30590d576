import { css } from "lit";

/** The looks of the epsilon slider. */
export const epsilonStyle = css`
  :host {
    position: absolute;
    pointer-events: none;
  }
  .line {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 0;
    margin-left: -0.75px;
    border-left: 1.5px solid var(--line);
  }
  .zone {
    position: absolute;
    right: -14px;
    bottom: -12px;
    left: -14px;
    height: 24px;
    cursor: pointer;
    pointer-events: auto;
    touch-action: none;
  }
  .tick {
    position: absolute;
    top: 100%;
    width: 1px;
    height: 5px;
    margin-left: -0.5px;
    background: var(--dim);
    forced-color-adjust: none;
  }
  .thumb {
    forced-color-adjust: none;
    /* In the strip that sticks above the cards there is no need to scroll for it. */
    scroll-margin-top: var(--stuck, 0);
    position: absolute;
    bottom: -8px;
    width: 16px;
    height: 16px;
    margin-left: -8px;
    border: 2px solid var(--surface);
    border-radius: 50%;
    background: var(--accent);
    cursor: grab;
    pointer-events: auto;
    touch-action: none;
  }
  .thumb:active {
    cursor: grabbing;
  }
  .track {
    display: none;
  }
  :host([plain]) {
    inset: 0 0 auto;
    height: 13px;
  }
  :host([plain]) .line {
    display: none;
  }
  :host([plain]) .track {
    display: block;
    position: absolute;
    right: -7px;
    bottom: -2px;
    left: -7px;
    height: 4px;
    border-radius: 2px;
    background: var(--control);
    forced-color-adjust: none;
  }
  :host([plain]) .tick {
    top: calc(100% + 5px);
  }
`;
