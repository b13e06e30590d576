// Colours, type and the few rules that all elements share. TensorBoard's manners: Roboto, 13 px,
// orange as the one accent, one-pixel borders, no shadows; text has a contrast of 4.5:1 or more, and
// what is to be seen of a control or a mark 3:1. Where the reader forces colours, theirs take over.

import { css } from "lit";

/** For the document: the page itself and the variables that pierce the shadow roots. */
export const page = css`
  :root {
    color-scheme: light;
    --page: #f3f4f6;
    --surface: #ffffff;
    --raised: #eceef1;
    --border: #dfe2e6;
    --control: #80858c;
    --hairline: #e9ebee;
    --text: #202124;
    --muted: #5a5f66;
    --dim: #6f757c;
    --accent: #dd6300;
    --line: #202124;
    --flipped: #b8330a;
    --flipped-surface: #fdebe4;
    --right: #00695c;
    --right-surface: #e0f2ef;
    --wrong: #565b62;
    --wrong-surface: #eceef1;
    --focus: #b85c00;
    /* TensorBoard's palette, darker where it has less than 3:1 on a white or raised surface, or where
       an eye that is blind to a colour would take two runs of one shape for the same. */
    --run-0: #db6300;
    --run-1: #005d92;
    --run-2: #009988;
    --run-3: #cc3311;
    --run-4: #227c9e;
    --run-5: #ee3377;
    --run-6: #696969;
    --gap: 12px;
    --mono: "Roboto Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  }
  :root[data-theme="dark"] {
    color-scheme: dark;
    --page: #202124;
    --surface: #2c2d30;
    --raised: #3a3b3f;
    --border: #44464a;
    --control: #858a91;
    --hairline: #3b3d41;
    --text: #e8eaed;
    --muted: #abb0b7;
    --dim: #989da4;
    --accent: #ff9a3c;
    --line: #f1f3f4;
    --flipped: #ffa87d;
    --flipped-surface: #4b2c20;
    --right: #80cbc4;
    --right-surface: #1f3d3a;
    --wrong: #b4b9c0;
    --wrong-surface: #3a3b3f;
    --focus: var(--accent);
    /* The same, lighter where a dark surface asks for it. */
    --run-0: #ee6c00;
    --run-1: #35a6e7;
    --run-2: #009988;
    --run-3: #ff7c5c;
    --run-4: #37caff;
    --run-5: #ef4382;
    --run-6: #bbbbbb;
  }
  @media (forced-colors: active) {
    :root[data-theme] {
      --page: Canvas;
      --surface: Canvas;
      --raised: Canvas;
      --border: CanvasText;
      --control: CanvasText;
      --hairline: ButtonFace;
      --text: CanvasText;
      --muted: CanvasText;
      --dim: CanvasText;
      --accent: Highlight;
      --line: CanvasText;
      --flipped: CanvasText;
      --flipped-surface: Canvas;
      --right: CanvasText;
      --right-surface: Canvas;
      --wrong: CanvasText;
      --wrong-surface: Canvas;
      --focus: Highlight;
    }
  }
  :root:lang(ko) {
    word-break: keep-all;
  }
  html,
  body {
    height: 100%;
    margin: 0;
    background: var(--page);
    color: var(--text);
    font:
      13px/1.4 Roboto,
      "Noto Sans KR",
      "Noto Sans CJK KR",
      "Apple SD Gothic Neo",
      "Malgun Gothic",
      "Helvetica Neue",
      Arial,
      sans-serif;
    font-variant-numeric: tabular-nums;
    -webkit-font-smoothing: antialiased;
  }
`;

/** For every element's shadow root. */
export const base = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  button,
  select,
  input {
    color: inherit;
    font: inherit;
    font-variant-numeric: inherit;
    letter-spacing: inherit;
  }
  button {
    padding: 0;
    border: 0;
    background: none;
    text-align: inherit;
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  h2 {
    margin: 0;
    color: var(--muted);
    font-size: 11px;
    font-weight: 400;
    letter-spacing: 0.06em;
    line-height: 16px;
    text-transform: uppercase;
  }
  /* Hangul has no capitals, but an ε among it would become another letter. */
  h2:lang(ko) {
    text-transform: none;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    /* What is drawn as a ground: its colours are ours, of the reader's palette. */
    .drawn,
    .drawn::before,
    .drawn::after {
      forced-color-adjust: none;
    }
    [aria-pressed="true"]:not(.drawn),
    [aria-selected="true"],
    [aria-current="true"]:not(figure) {
      forced-color-adjust: none;
      --text: HighlightText;
      --muted: HighlightText;
      background: Highlight !important;
      color: HighlightText !important;
    }
  }
`;

/** Text that is read aloud and not seen. */
export const unseen = css`
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    clip-path: inset(50%);
    overflow: hidden;
  }
`;

/** Small print. */
export const small = css`
  :host {
    color: var(--muted);
    font-size: 12px;
    line-height: 17px;
  }
`;

/** The shapes of the runs' marks, drawn before an element: a circle unless data-mark says otherwise. */
export const marked = css`
  [data-mark="square"]::before {
    border-radius: 1px;
  }
  [data-mark="diamond"]::before {
    border-radius: 1px;
    transform: rotate(45deg) scale(0.9);
  }
`;

/** A run's name behind its mark, whose colour comes as --colour and whose shape as data-mark. */
export const spotted = css`
  .spotted {
    display: flex;
    gap: 8px;
    align-items: center;
    min-width: 0;
  }
  .spotted::before {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--colour);
    content: "";
    forced-color-adjust: none;
  }
  ${marked}
`;

/** A button with a frame, and the frame that fields share. */
export const framed = css`
  .framed {
    border: 1px solid var(--border);
    border-radius: 6px;
    background: var(--surface);
  }
  input,
  select {
    border-color: var(--control) !important;
  }
  button.framed {
    padding: 5px 12px;
  }
  button.framed:hover {
    background: var(--raised);
  }
`;

/** The arrow of what opens a list; where it is, its owner says. */
export const arrow = css`
  position: absolute;
  width: 6px;
  height: 6px;
  border: solid var(--muted);
  border-width: 0 1.5px 1.5px 0;
  transform: rotate(45deg);
  content: "";
  pointer-events: none;
`;

/** A dotted line below words that a tip explains. */
export const explained = css`
  text-decoration: underline dotted;
  text-decoration-color: var(--control);
  text-underline-offset: 3px;
  cursor: help;
`;

/** A select with an arrow of its own. */
export const choice = css`
  .choice {
    display: block;
    position: relative;
    margin-top: 6px;
  }
  .choice::after {
    ${arrow}
    top: 12px;
    right: 11px;
  }
  select {
    appearance: none;
    cursor: pointer;
  }
`;

/** An exclamation mark before something that is wrong. */
export const alarm = css`
  .alarm {
    flex: none;
    width: 18px;
    height: 18px;
    border-radius: 50%;
    background: var(--flipped-surface);
    color: var(--flipped);
    font-style: normal;
    font-weight: 500;
    line-height: 18px;
    text-align: center;
  }
`;

/** Buttons side by side of which one is chosen. */
export const segments = css`
  .segments {
    display: flex;
    flex: none;
    overflow: hidden;
    border: 1px solid var(--border);
    border-radius: 6px;
  }
  .segments button {
    min-height: 24px;
    padding: 2px 10px;
    background: var(--surface);
    color: var(--muted);
    font-size: 12px;
    line-height: 18px;
    outline-offset: -2px;
  }
  .segments button + button {
    border-left: 1px solid var(--border);
  }
  .segments button:hover {
    color: var(--text);
  }
  .segments button[aria-pressed="true"],
  .segments button[aria-selected="true"] {
    background: var(--raised);
    box-shadow: inset 0 -2px var(--accent);
    color: var(--text);
  }
`;

/** A slider's looks on a native range input; --fill is how much of the track is behind the thumb. */
export const range = css`
  input[type="range"] {
    --track: 4px;
    --thumb: 14px;
    forced-color-adjust: none;
    height: 24px;
    margin: 0;
    appearance: none;
    background: none;
    cursor: pointer;
  }
  input[type="range"]::-webkit-slider-runnable-track {
    height: var(--track);
    border-radius: 2px;
    background: linear-gradient(to right, var(--ink) var(--fill, 0%), var(--control) 0);
  }
  input[type="range"]::-moz-range-track {
    height: var(--track);
    border-radius: 2px;
    background: linear-gradient(to right, var(--ink) var(--fill, 0%), var(--control) 0);
  }
  input[type="range"]::-webkit-slider-thumb {
    width: var(--thumb);
    height: var(--thumb);
    margin-top: calc((var(--track) - var(--thumb)) / 2);
    border: 0;
    border-radius: 50%;
    appearance: none;
    background: var(--ink);
  }
  input[type="range"]::-moz-range-thumb {
    width: var(--thumb);
    height: var(--thumb);
    border: 0;
    border-radius: 50%;
    background: var(--ink);
  }
  input[type="range"]:focus-visible {
    border-radius: 4px;
  }
`;
