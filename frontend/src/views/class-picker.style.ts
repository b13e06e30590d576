import { css } from "lit";
import { arrow } from "./theme";

/** The class picker's looks. */
export const classPickerStyle = css`
  :host {
    position: relative;
    margin-top: 6px;
  }
  input {
    width: 100%;
    height: 32px;
    padding: 0 52px 0 9px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  input::placeholder {
    color: var(--text);
    opacity: 1;
  }
  input:focus::placeholder {
    color: var(--dim);
  }
  [data-set] {
    border-color: var(--dim);
  }
  .open {
    position: absolute;
    inset: 1px 1px auto auto;
    width: 28px;
    height: 30px;
  }
  .open::after {
    ${arrow}
    top: 10px;
    right: 10px;
  }
  .clear {
    position: absolute;
    top: 4px;
    right: 27px;
    width: 24px;
    height: 24px;
    border-radius: 4px;
    color: var(--muted);
    text-align: center;
  }
  .clear:hover,
  .open:hover {
    color: var(--text);
  }
  .clear:hover {
    background: var(--raised);
  }
  .popup {
    position: fixed;
    inset: auto;
    z-index: 4;
    display: flex;
    flex-direction: column;
    margin: 0;
    padding: 4px;
    border: 1px solid var(--control);
    border-radius: 6px;
    background: var(--surface);
    color: var(--text);
  }
  ul {
    margin: 0;
    padding: 0;
    overflow: hidden auto;
    list-style: none;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  li {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 28px;
    padding: 3px 8px;
    border-radius: 4px;
    line-height: 18px;
    cursor: pointer;
  }
  li:hover {
    background: color-mix(in srgb, var(--raised) 55%, transparent);
  }
  li.active {
    background: var(--raised);
    box-shadow: inset 3px 0 var(--accent);
  }
  li[aria-selected="true"] {
    font-weight: 500;
  }
  li .number,
  li .count {
    flex: none;
    color: var(--muted);
    font-size: 12px;
    font-weight: 400;
  }
  li .cut {
    flex: 1;
  }
  @media (pointer: coarse) {
    li {
      min-height: 36px;
    }
  }
  @media (forced-colors: active) {
    li.active {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
  p {
    margin: 0;
    padding: 5px 8px 3px;
    color: var(--muted);
    font-size: 12px;
    line-height: 17px;
  }
  ul:not(:empty) + p {
    margin-top: 4px;
    border-top: 1px solid var(--hairline);
  }
`;
