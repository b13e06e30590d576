import { css } from "lit";
import { FOLDED, STRIP } from "./app.style";

/** The looks of the bar over the grid. */
export const toolbarStyle = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-content: center;
    align-items: center;
    min-height: ${FOLDED - STRIP}px;
    /* Of one row the height decides; more keep away from what is above and below. */
    padding: 6px 0;
    white-space: nowrap;
    container-type: inline-size;
  }
  :host > * {
    flex: none;
  }
  .spotted {
    flex: 0 1 auto;
    max-width: 32ch;
  }
  .muted,
  .noise,
  .size {
    color: var(--muted);
  }
  .between {
    flex: 1;
  }
  .noise,
  .size {
    display: flex;
    gap: 7px;
    align-items: center;
  }
  .segments button {
    padding: 2px 9px;
  }
  .noise .segments button {
    padding: 2px 6px;
  }
  /* What an epsilon of noise looks like, below, at and above nothing. */
  .legend {
    display: flex;
    gap: 4px;
    align-items: center;
    font-size: 11px;
  }
  .legend i {
    forced-color-adjust: none;
    width: 10px;
    height: 12px;
    background: rgb(var(--level) var(--level) var(--level));
  }
  .legend span:has(i) {
    display: flex;
    border: 1px solid var(--border);
  }
  .legend output {
    min-width: 6ch;
  }
  .size input {
    --track: 3px;
    --thumb: 12px;
    --ink: var(--dim);
    width: 88px;
  }
  .size button {
    min-height: 26px;
    padding: 2px 7px;
    font-size: 12px;
    line-height: 18px;
  }
  .size button[aria-pressed="true"] {
    background: var(--raised);
    box-shadow: inset 0 -2px var(--accent);
    color: var(--text);
  }
  /* In one line as long as that can be. */
  @container (max-width: 1010px) {
    .size input {
      width: 60px;
    }
  }
  @container (max-width: 940px) {
    .legend {
      display: none;
    }
  }
  @media (min-width: 640px) and (min-height: 480px) {
    :host {
      position: sticky;
      z-index: 1;
      top: ${STRIP}px;
      margin: 0 -4px;
      padding-inline: 4px;
      background: var(--page);
    }
    button,
    input {
      scroll-margin-top: ${-FOLDED - 8}px;
    }
  }
  @media (max-width: 639px) {
    :host {
      padding: 10px 0 6px;
    }
    .between {
      display: none;
    }
  }
`;
