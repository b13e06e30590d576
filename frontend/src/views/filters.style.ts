import { css } from "lit";

/** The filters' looks. */
export const filtersStyle = css`
  section:not([hidden]) ~ section {
    margin-top: 14px;
  }
  .head {
    display: flex;
    gap: 8px;
    justify-content: space-between;
  }
  /* Always there, so that what is below stays in its place. */
  .clear {
    color: var(--muted);
    min-height: 24px;
    margin: -4px 0;
    font-size: 11px;
    line-height: 16px;
    text-decoration: underline;
    text-decoration-color: var(--control);
    text-underline-offset: 3px;
  }
  .clear:disabled {
    visibility: hidden;
  }
  .clear:hover {
    color: var(--text);
  }
  .choice {
    display: block;
    position: relative;
    margin-top: 6px;
  }
  .choice::after {
    position: absolute;
    top: 12px;
    right: 11px;
    width: 6px;
    height: 6px;
    border: solid var(--muted);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
    content: "";
    pointer-events: none;
  }
  select,
  input {
    width: 100%;
    height: 32px;
    padding: 0 28px 0 9px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  select {
    appearance: none;
    cursor: pointer;
  }
  input {
    margin-top: 6px;
    padding-right: 4px;
  }
  input::placeholder {
    color: var(--dim);
    opacity: 1;
  }
  [data-set] {
    border-color: var(--dim);
  }
  .filters {
    display: grid;
    gap: 2px;
    margin: 4px -6px 0;
  }
  .filters button {
    display: flex;
    gap: 8px;
    justify-content: space-between;
    padding: 4px 8px 4px 15px;
    border-radius: 6px;
    line-height: 18px;
  }
  .filters button:hover {
    background: color-mix(in srgb, var(--raised) 55%, transparent);
  }
  .filters button[aria-pressed="true"] {
    background: var(--raised);
    box-shadow: inset 3px 0 var(--accent);
  }
  .filters button[data-show="flipped"][aria-pressed="true"] {
    background: var(--flipped-surface);
    color: var(--flipped);
  }
`;
