import { css } from "lit";
import { FOLDED, STRIP } from "./app.style";

/** The looks of the strip that stands for the large card. */
export const foldedStyle = css`
  /* Takes no room: what is below must not move when it comes. */
  :host {
    position: sticky;
    z-index: 2;
    top: 0;
    height: 0;
    --stuck: ${-FOLDED - 8}px;
  }
  .strip {
    display: flex;
    gap: 18px;
    align-items: center;
    height: ${STRIP}px;
    margin: 0 -10px 0 -18px;
    padding: 0 16px 0 18px;
    background: var(--page);
    white-space: nowrap;
  }
  .track {
    position: relative;
    flex: 1;
    height: 26px;
    margin: 0 8px 0 0;
  }
  b {
    font-size: 17px;
    font-weight: 400;
  }
  .epsilon {
    min-width: 9ch;
    text-align: right;
  }
  .muted {
    color: var(--muted);
  }
`;
