import { css } from "lit";

/** How high it is, in CSS pixels: a line of words, and the lines. */
export const BELIEF = 62;

/** The looks of what tells whether to believe the numbers. */
export const beliefStyle = css`
  :host {
    display: grid;
    grid-template-rows: 18px 1fr;
    height: ${BELIEF - 8}px;
    margin-bottom: 8px;
  }
  p {
    display: flex;
    gap: 14px;
    margin: 0;
    overflow: hidden;
    color: var(--muted);
    font-size: 11px;
    line-height: 16px;
    white-space: nowrap;
  }
  p svg {
    width: 22px;
    height: 8px;
    margin-right: 5px;
    vertical-align: middle;
  }
  .lines {
    position: relative;
    border: solid var(--hairline);
    border-width: 1px 0;
  }
  .lines svg {
    display: block;
    position: absolute;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  path {
    fill: none;
    stroke: var(--colour);
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }
  .robust {
    stroke-width: 2;
  }
  .alignment {
    stroke: var(--muted);
  }
  .mark {
    position: absolute;
    top: -5px;
    color: var(--flipped);
    font-size: 11px;
    line-height: 11px;
    transform: translateX(-50%);
  }
`;
