import { css } from "lit";
import { MARGIN } from "./chart.style";

/** Where the map begins, in CSS pixels. */
export const LEFT = 51;

/** The looks of the map of accuracy by step and epsilon, but for its cells. */
export const trainingStyle = css`
  :host {
    display: flex;
    position: relative;
    flex-direction: column;
    min-height: 0;
    /* From end to end of the sliders' thumbs below, which are 14 px wide. */
    padding: 4px ${MARGIN + 7}px 18px ${LEFT}px;
  }
  .map {
    position: relative;
    flex: 1;
    min-height: 0;
    cursor: crosshair;
    touch-action: none;
    user-select: none;
  }
  canvas {
    display: block;
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: 3px;
    /* Where there is no accuracy, a cell is as white as the card. */
    outline: 1px solid var(--control);
  }
  .frame {
    position: absolute;
    border: 2px solid var(--line);
    border-radius: 3px;
    outline: 1px solid var(--surface);
    pointer-events: none;
  }
  .label {
    position: absolute;
    left: 0;
    width: 36px;
    margin-top: -8px;
    color: var(--muted);
    font-size: 11px;
    line-height: 16px;
    text-align: right;
  }
  .step {
    position: absolute;
    bottom: 0;
    color: var(--muted);
    font-size: 11px;
    line-height: 16px;
    white-space: nowrap;
    transform: translateX(-50%);
  }
  .step.now {
    color: var(--text);
    font-weight: 500;
  }
  .one {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    margin: 0;
    padding: 16px;
    color: var(--muted);
    text-align: center;
    text-wrap: balance;
  }
  .tip {
    max-width: 300px;
  }
  .tip p {
    margin: 0;
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .tip div {
    display: flex;
    gap: 16px;
    justify-content: space-between;
    white-space: nowrap;
  }
  .tip div span:first-child {
    color: var(--muted);
  }
`;
