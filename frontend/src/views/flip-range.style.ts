import { css } from "lit";

/** The looks of the range in which samples flip. */
export const flipRangeStyle = css`
  :host {
    display: flex;
    gap: 5px;
    align-items: center;
    margin-top: 6px;
  }
  .choice {
    flex: 1 1 0;
    min-width: 0;
    margin: 0;
  }
  select {
    width: 100%;
    height: 32px;
    padding: 0 18px 0 7px;
    text-overflow: ellipsis;
  }
  .choice::after {
    right: 8px;
  }
  .clear {
    flex: none;
    width: 24px;
    height: 24px;
    border-radius: 4px;
    color: var(--muted);
    text-align: center;
  }
  .clear:hover {
    background: var(--raised);
    color: var(--text);
  }
`;
