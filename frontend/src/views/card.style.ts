import { css } from "lit";

/** A card's looks. The pictures' size comes from the grid: --width and --height. */
export const cardStyle = css`
  article {
    min-width: 0;
    height: 100%;
    padding: 10px 12px 9px;
    border: 1px solid var(--border);
    border-radius: 8px;
    background: var(--surface);
  }
  header {
    display: flex;
    gap: 10px;
    align-items: center;
    height: 26px;
    margin-bottom: 7px;
  }
  h3 {
    min-width: 0;
    margin: 0;
    font-size: 14px;
    font-weight: 400;
  }
  .open {
    display: block;
    max-width: 100%;
    min-height: 24px;
    line-height: 24px;
    outline-offset: -2px;
  }
  article {
    cursor: pointer;
  }
  .index {
    flex: none;
    margin-left: auto;
    color: var(--muted);
    font-size: 11px;
  }
  .stand-in {
    flex: none;
    color: var(--muted);
    font-size: 11px;
  }
  .pill {
    flex: none;
    padding: 0 8px;
    border-radius: 10px;
    background: var(--right-surface);
    color: var(--right);
    font-size: 12px;
    line-height: 20px;
    white-space: nowrap;
  }
  [data-state="flipped"] .pill {
    background: var(--flipped-surface);
    color: var(--flipped);
  }
  [data-state="wrong"] .pill {
    background: var(--wrong-surface);
    color: var(--wrong);
  }
  .curve {
    display: var(--spark);
    position: relative;
    flex: none;
  }
  /* Larger than the curve, for fingers. */
  .seek {
    position: absolute;
    inset: -2px -4px;
    border-radius: 3px;
    touch-action: pan-y;
  }
  .spark {
    position: relative;
    width: 96px;
    height: 22px;
  }
  .spark i {
    position: absolute;
    inset: 0 auto 0 -0.5px;
    width: 1px;
    background: var(--accent);
    forced-color-adjust: none;
  }
  .spark svg {
    forced-color-adjust: none;
    width: 100%;
    height: 100%;
    overflow: visible;
    fill: none;
    stroke: var(--muted);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }
  .spark .control {
    stroke-dasharray: 3 2.5;
    stroke-width: 1;
  }
  .spark .floor {
    stroke: var(--hairline);
    stroke-width: 1;
  }
  .row,
  .strip {
    display: flex;
    overflow: auto hidden;
    scrollbar-width: thin;
  }
  figure {
    flex: none;
    width: var(--place);
    min-width: 0;
    margin: 0;
  }
  .operator {
    display: grid;
    flex: 1;
    place-items: center;
    min-width: 21px;
    height: var(--height);
    color: var(--muted);
    font-size: 16px;
  }
  /* A small picture stands in the middle of its place, with its caption right below. */
  .frame,
  figcaption,
  .epsilon,
  .note {
    margin-inline: auto !important;
  }
  figcaption,
  .note {
    width: max(var(--width), min(100%, 112px));
  }
  .frame {
    position: relative;
    width: var(--width);
    height: var(--height);
    border-radius: 3px;
    background: var(--raised);
    overflow: hidden;
  }
  canvas {
    display: block;
    width: 100%;
    height: 100%;
    image-rendering: var(--rendering);
  }
  /* Another step's pictures stand until the new ones have come, but not for long. */
  canvas[data-stale] {
    animation: vanish 0s 200ms both;
  }
  @keyframes vanish {
    to {
      visibility: hidden;
    }
  }
  figcaption {
    display: flex;
    gap: 6px;
    justify-content: space-between;
    margin-top: 5px;
    line-height: 18px;
  }
  .surety {
    flex: none;
    color: var(--muted);
  }
  .note {
    height: 14px;
    margin: 0;
    color: var(--muted);
    font-size: 11px;
    line-height: 14px;
    text-align: right;
    white-space: nowrap;
  }
  .note.control {
    text-align: left;
  }
  [data-state="flipped"] .adversarial .said {
    color: var(--flipped);
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
    color: var(--text);
    text-align: center;
    text-wrap: balance;
  }
  .strip > .damage {
    flex: 1;
    height: calc(var(--height) + 56px);
  }
  .strip {
    position: relative;
  }
  .strip .frame {
    cursor: pointer;
  }
  .epsilon {
    display: block;
    width: var(--width);
    height: 18px;
    margin: 0;
    border-bottom: 2px solid transparent;
    color: var(--muted);
    font-size: 11px;
    line-height: 14px;
    text-align: center;
  }
  .strip [aria-current] .epsilon {
    border-color: var(--accent);
    color: var(--text);
    font-weight: 500;
  }
  .strip [aria-current][data-stand-in] .epsilon {
    border-bottom-style: dashed;
    cursor: help;
  }
  .strip figcaption {
    display: block;
    width: max(var(--width), min(100%, 72px));
    margin-top: 4px;
    font-size: 12px;
    line-height: 16px;
  }
  .strip figcaption span {
    display: block;
  }
  .strip .fooled .said {
    color: var(--flipped);
  }
  .gap,
  .turn {
    flex: none;
    width: 14px;
  }
  .turn {
    position: relative;
    height: var(--height);
    margin-top: 18px;
    color: var(--right);
    font-size: 12px;
    line-height: 16px;
    text-align: center;
  }
  .turn[data-turn="flipped"] {
    color: var(--flipped);
  }
  .turn::after {
    position: absolute;
    inset: 18px auto 0 6px;
    width: 2px;
    border-radius: 1px;
    background: currentcolor;
    content: "";
    forced-color-adjust: none;
  }
  .save {
    position: absolute;
    right: 4px;
    bottom: 4px;
    padding: 2px 7px;
    border: 1px solid var(--border);
    border-radius: 4px;
    background: var(--surface);
    color: var(--text);
    font-size: 11px;
    line-height: 18px;
    text-decoration: none;
    cursor: pointer;
    opacity: 0;
  }
  .frame:hover .save,
  .row:hover .save,
  .save:focus-visible {
    opacity: 1;
  }
  /* Nothing hovers over a touched screen. */
  @media (hover: none), (forced-colors: active) {
    .save {
      opacity: 1;
    }
  }
`;
