import { css } from "lit";

/** The looks of the "?" and of its dialog. */
export const helpStyle = css`
  .ask {
    width: 24px;
    height: 24px;
    display: grid;
    place-items: center;
    padding: 0 !important;
    border-color: var(--control);
    border-radius: 50%;
    line-height: 1;
  }
  dialog {
    width: min(600px, calc(100vw - 24px));
    max-height: calc(100vh - 32px);
    padding: 16px 20px 20px;
    border: 1px solid var(--control);
    border-radius: 8px;
    background: var(--surface);
    color: var(--text);
    overflow: auto;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  .head {
    display: flex;
    gap: 16px;
    align-items: start;
    justify-content: space-between;
  }
  .head h2 {
    color: var(--text);
    font-size: 17px;
    letter-spacing: 0;
    line-height: 28px;
    text-transform: none;
  }
  h3 {
    margin: 14px 0 4px;
    font-size: 13px;
    font-weight: 500;
  }
  p {
    margin: 8px 0;
    text-wrap: pretty;
  }
  dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 6px 16px;
    margin: 8px 0 0;
  }
  dt {
    font-weight: 500;
  }
  dd {
    margin: 0;
    color: var(--muted);
  }
  code {
    font: 12px var(--mono);
  }
  kbd {
    padding: 0 5px;
    border: 1px solid var(--control);
    border-radius: 4px;
    font: 11px var(--mono);
  }
  a {
    color: inherit;
  }
  @media (max-width: 479px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-bottom: 8px;
    }
  }
`;
