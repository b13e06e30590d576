import { css } from "lit";
import { STRIP_GAP } from "../model/layout";

/** What the looks of compared sides have beyond those of a card. */
export const comparisonStyle = css`
  .row {
    gap: ${STRIP_GAP}px;
    position: relative;
  }
  .row > .damage {
    flex: 1;
    height: calc(var(--height) + 70px);
  }
  .row figure {
    container-type: inline-size;
  }
  /* Whose picture it is: a way to there, except where one is. */
  .side {
    display: flex;
    justify-content: center;
    width: 100%;
    height: 24px;
    margin: 0 0 2px;
    border-bottom: 2px solid transparent;
    border-radius: 3px 3px 0 0;
    color: var(--muted);
    font-size: 12px;
    line-height: 20px;
    outline-offset: -2px;
  }
  .strip .side {
    font-size: 11px;
  }
  .side .spotted {
    gap: 6px;
    max-width: 100%;
    padding: 0 2px;
  }
  .side .late {
    flex: none;
    margin-left: 5px;
    font-size: 11px;
  }
  button.side:hover {
    background: var(--raised);
    color: var(--text);
  }
  [aria-current] > .side {
    border-color: var(--accent);
    color: var(--text);
    font-weight: 500;
  }
  .strip figure[data-side] {
    cursor: pointer;
  }
  .strip figure[aria-current] {
    cursor: auto;
  }
  .lacks {
    display: grid;
    place-items: center;
    height: 100%;
    margin: 0;
    padding: 4px;
    border: 1px dashed var(--control);
    border-radius: 3px;
    background: var(--surface);
    color: var(--muted);
    font-size: 11px;
    line-height: 15px;
    text-align: center;
  }
  [data-state="flipped"] .said {
    color: var(--flipped);
  }
  .row .pill {
    width: fit-content;
    max-width: 100%;
    margin: 3px auto 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .row .pill:empty {
    visibility: hidden;
  }
  .row figcaption {
    font-size: 12px;
  }
  .surety[data-stand-in] {
    text-decoration: underline dashed;
    text-underline-offset: 3px;
    cursor: help;
  }
  /* On a phone a state has the place of its picture and not more. */
  @container (max-width: 132px) {
    .row .pill {
      padding: 3px 6px;
      font-size: 11px;
      line-height: 14px;
      text-align: center;
      white-space: normal;
    }
    .row figcaption {
      gap: 3px;
      font-size: 11px;
    }
  }
`;
