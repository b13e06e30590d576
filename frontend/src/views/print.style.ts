import { css } from "lit";

/** The looks of what is printed beside the pictures. */
export const printStyle = css`
  summary {
    min-height: 24px;
    line-height: 24px;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  p {
    margin: 0;
    padding-left: 8px;
    text-indent: -8px;
  }
  /* One click takes all of it, to be pasted into a command line. */
  code {
    padding: 1px 4px;
    border-radius: 4px;
    background: var(--raised);
    color: var(--text);
    font: 11px var(--mono);
    overflow-wrap: anywhere;
    text-indent: 0;
    user-select: all;
  }
  fgsm-foot {
    margin-top: 2px;
  }
`;
