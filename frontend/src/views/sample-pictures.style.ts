import { css } from "lit";

/** The looks of a sample's pictures. --most is how high a box may be. */
export const samplePicturesStyle = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    min-height: 28px;
    margin-bottom: 8px;
  }
  .bar button.framed {
    min-height: 26px;
    padding: 2px 9px;
    font-size: 12px;
    line-height: 18px;
  }
  .blink {
    user-select: none;
    touch-action: none;
  }
  .blink[aria-pressed="true"] {
    background: var(--raised);
  }
  kbd {
    padding: 0 4px;
    border: 1px solid var(--control);
    border-radius: 3px;
    font: 10px var(--mono);
  }
  .legend {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--muted);
    font-size: 11px;
    white-space: nowrap;
  }
  .legend i {
    width: 48px;
    height: 12px;
    border: 1px solid var(--border);
    background: linear-gradient(to right, #000, #808080, #fff);
    forced-color-adjust: none;
  }
  .legend .times {
    min-width: 6ch;
  }
  .zoom {
    display: flex;
    gap: 4px;
    align-items: center;
    margin-left: auto;
    font-size: 12px;
  }
  .zoom button {
    min-width: 28px;
    text-align: center;
  }
  .zoom output {
    min-width: 6.5ch;
    color: var(--muted);
    text-align: center;
  }
  .stage {
    display: flex;
    border-radius: 4px;
  }
  figure,
  .both {
    flex: 1 1 0;
    min-width: 0;
    margin: 0;
  }
  .operator {
    flex: none;
    align-self: center;
    width: 21px;
    margin-bottom: 44px;
    color: var(--muted);
    font-size: 16px;
    text-align: center;
  }
  .box {
    position: relative;
    width: 100%;
    max-height: var(--most);
    aspect-ratio: var(--ratio);
    border-radius: 3px;
    background: var(--raised);
    overflow: hidden;
    cursor: crosshair;
    /* While the pictures are whole, a finger scrolls the page; two zoom. */
    touch-action: pan-y;
  }
  [data-zoomed] .box {
    cursor: grab;
    touch-action: none;
  }
  [data-zoomed] .box:active {
    cursor: grabbing;
  }
  canvas {
    position: absolute;
    top: 0;
    left: 0;
    transform-origin: 0 0;
  }
  canvas[data-stale] {
    visibility: hidden;
  }
  .mark {
    position: absolute;
    top: 0;
    left: 0;
    box-sizing: border-box;
    border: 1px solid #000;
    outline: 1px solid #fff;
    pointer-events: none;
    forced-color-adjust: none;
  }
  figcaption {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 8px;
    align-content: start;
    height: 54px;
    padding-top: 4px;
    line-height: 17px;
    overflow: hidden;
  }
  .kind {
    grid-column: 1 / -1;
    overflow: hidden;
    color: var(--muted);
    font-size: 11px;
    line-height: 16px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .said {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .fooled .said {
    color: var(--flipped);
  }
  .surety {
    color: var(--muted);
  }
  .captions {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 24px;
  }
  .captions figcaption {
    grid-template-columns: auto auto;
    justify-content: start;
  }
  .captions figcaption:last-child {
    justify-content: end;
    text-align: right;
  }
  .damage {
    display: grid;
    place-items: center;
    height: 100%;
    margin: 0;
    padding: 8px;
    background: repeating-linear-gradient(
      135deg,
      transparent 0 7px,
      color-mix(in srgb, var(--border) 60%, transparent) 7px 8px
    );
    text-align: center;
    text-wrap: balance;
  }
  .readout {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    min-height: 18px;
    margin: 0;
    color: var(--muted);
    font-size: 12px;
    line-height: 18px;
  }
  .readout code {
    color: var(--text);
    font: 12px var(--mono);
  }
  .swatch {
    display: inline-block;
    width: 10px;
    height: 10px;
    border: 1px solid var(--control);
    forced-color-adjust: none;
  }
  @media (max-width: 639px) {
    .stage.row {
      flex-direction: column;
    }
    .stage.row .operator {
      display: none;
    }
    figcaption {
      height: auto;
      min-height: 37px;
      padding-bottom: 6px;
    }
    .zoom {
      margin-left: 0;
    }
    .readout {
      min-height: 54px;
    }
  }
`;
