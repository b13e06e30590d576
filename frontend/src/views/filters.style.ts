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
  select,
  input {
    width: 100%;
    height: 32px;
    padding: 0 28px 0 9px;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  input {
    margin-top: 6px;
    padding-right: 4px;
  }
  input::placeholder {
    color: var(--dim);
    opacity: 1;
  }
  .order {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 32px;
    gap: 6px;
  }
  button.reverse {
    margin-top: 6px;
    padding: 0;
    border-color: var(--control);
    text-align: center;
  }
  button.reverse[aria-pressed="true"] {
    background: var(--raised);
    box-shadow: inset 0 -2px var(--accent);
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
