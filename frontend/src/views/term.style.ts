import { css } from "lit";
import { explained } from "./theme";

/** The looks of a word with a tip. */
export const termStyle = css`
  :host {
    display: inline;
  }
  button {
    display: inline;
    text-transform: inherit;
    min-height: 18px;
    ${explained}
  }
  .explained {
    position: fixed;
    inset: auto;
    width: max-content;
    max-width: min(280px, 100vw - 24px);
    margin: 0;
    padding: 7px 10px;
    border: 1px solid var(--control);
    border-radius: 6px;
    background: var(--surface);
    color: var(--text);
    font-size: 12px;
    line-height: 17px;
    letter-spacing: 0;
    text-align: start;
    text-transform: none;
    white-space: normal;
  }
`;
