import { css } from "lit";

/** The looks of the cross-section through a sample. */
export const crossSectionStyle = css`
  :host {
    padding: 14px 0;
    border-top: 1px solid var(--hairline);
  }
  .sides {
    display: grid;
    grid-template-columns: minmax(0, 340px) minmax(0, 1fr);
    gap: 8px 32px;
    align-items: start;
  }
  p {
    margin: 0 0 8px;
    max-width: 62ch;
    text-wrap: pretty;
  }
  .hint {
    color: var(--muted);
    font-size: 12px;
    line-height: 17px;
  }
  .hint a {
    color: inherit;
  }
  .axis {
    display: flex;
    justify-content: space-between;
    color: var(--muted);
    font-size: 11px;
    line-height: 16px;
  }
  .square {
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
  }
  svg {
    width: 100%;
    aspect-ratio: 1;
    border: 1px solid var(--control);
    background: var(--surface);
    forced-color-adjust: none;
  }
  .cells {
    fill: var(--colour);
    shape-rendering: crispEdges;
  }
  .border,
  .mark,
  .halo {
    fill: none;
    vector-effect: non-scaling-stroke;
  }
  .border {
    stroke: var(--line);
    stroke-width: 1;
  }
  .halo {
    stroke: var(--surface);
    stroke-width: 4;
  }
  .mark {
    stroke: var(--text);
    stroke-width: 1.5;
  }
  .now {
    fill: var(--text);
    stroke: var(--surface);
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }
  text {
    fill: var(--text);
    stroke: var(--surface);
    font-weight: 500;
    text-anchor: middle;
    dominant-baseline: central;
    paint-order: stroke;
    pointer-events: none;
  }
  .readout {
    display: block;
    min-height: 40px;
    margin-top: 4px;
    overflow-wrap: anywhere;
  }
  ul {
    max-width: 460px;
    margin: 0 0 10px;
  }
  li {
    grid-template-columns: 20px minmax(0, 1fr) auto;
    gap: 8px;
    align-items: center;
    min-height: 22px;
    line-height: 18px;
  }
  li i {
    width: 20px;
    height: 16px;
    border: 1px solid var(--control);
    background: linear-gradient(to right, transparent -25%, var(--colour));
    color: var(--text);
    font-size: 12px;
    font-style: normal;
    font-weight: 500;
    line-height: 14px;
    text-align: center;
    -webkit-text-stroke: 3px var(--surface);
    paint-order: stroke;
    forced-color-adjust: none;
  }
  button {
    min-height: 26px;
    padding: 2px 9px !important;
    font-size: 12px;
  }
  @media (max-width: 639px) {
    .sides {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
