import { css } from "lit";

/** The room right of the plot: for half a label, and for a short number behind the step slider. */
export const MARGIN = 28;

/** The chart's looks, but for what is drawn on its canvas. */
export const chartStyle = css`
  :host {
    position: relative;
    height: 100%;
    min-width: 0;
  }
  canvas {
    position: absolute;
    width: 100%;
    height: 100%;
  }
  .band {
    position: absolute;
    border: solid var(--accent);
    border-width: 0 1px;
    background: color-mix(in srgb, var(--accent) 12%, transparent);
    pointer-events: none;
  }
  .over {
    position: absolute;
    cursor: crosshair;
    /* Dragged across it leads epsilon or a range; up and down it scrolls the page. */
    touch-action: pan-y;
  }
  .pointed {
    position: absolute;
    height: 100%;
    border-right: 1px dashed color-mix(in srgb, var(--dim) 60%, transparent);
  }
  .dot {
    position: absolute;
    width: 9px;
    height: 9px;
    margin: -4.5px;
    border-radius: 50%;
  }
  .axis {
    position: absolute;
    right: ${MARGIN}px;
    bottom: -5px;
    display: flex;
    gap: 10px;
    align-items: baseline;
    color: var(--muted);
    font-size: 11px;
  }
  .spacing button {
    min-width: 24px;
    min-height: 24px;
    padding: 2px 5px;
    border-radius: 4px 4px 0 0;
    color: var(--muted);
  }
  .spacing button[aria-pressed="true"] {
    background: var(--raised);
    box-shadow: inset 0 -2px var(--accent);
    color: var(--text);
  }
  .spacing button:hover {
    color: var(--text);
  }
  .tip .name {
    flex: 1;
  }
  .tip .at {
    display: flex;
    gap: 12px;
    justify-content: space-between;
    color: var(--muted);
    white-space: nowrap;
  }
`;
