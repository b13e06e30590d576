import { css } from "lit";

/** The looks of the page where nothing was logged. */
export const emptyStyle = css`
  :host {
    max-width: 680px;
    margin: 0 auto;
    padding: clamp(24px, 12vh, 120px) 24px 24px;
  }
  h1 {
    margin: 0 0 8px;
    font-size: 20px;
    font-weight: 400;
  }
  p {
    max-width: 60ch;
    margin: 0 0 20px;
    color: var(--muted);
    text-wrap: pretty;
  }
  .snippet {
    position: relative;
    border-radius: 8px;
  }
  pre {
    margin: 0;
    padding: 16px;
    overflow-x: auto;
    font: 12px/1.6 var(--mono);
  }
  .snippet button {
    position: absolute;
    top: 8px;
    right: 8px;
  }
`;
