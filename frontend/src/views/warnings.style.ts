import { css } from "lit";

/** The looks of the warnings. */
export const warningsStyle = css`
  details {
    margin-top: 12px;
    border-radius: 8px;
  }
  summary {
    display: flex;
    gap: 10px;
    align-items: center;
    min-height: 34px;
    padding: 4px 14px;
    border-radius: 8px;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::after {
    width: 6px;
    height: 6px;
    margin: -3px 4px 0 auto;
    border: solid var(--muted);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
    content: "";
  }
  [open] summary::after {
    margin-top: 3px;
    transform: rotate(-135deg);
  }
  b {
    flex: none;
    font-weight: 500;
  }
  summary span {
    color: var(--muted);
  }
  ul {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 2px 14px 12px 42px;
    list-style: none;
  }
  li {
    max-width: 110ch;
    overflow-wrap: anywhere;
    text-wrap: pretty;
  }
  li p {
    margin: 0;
    color: var(--muted);
  }
  li p::first-letter {
    text-transform: uppercase;
  }
  /* The titles stand below now. */
  [open] summary span {
    visibility: hidden;
  }
  a {
    color: inherit;
    white-space: nowrap;
    text-underline-offset: 3px;
  }
`;
