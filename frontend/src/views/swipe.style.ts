import { css } from "lit";

/** The looks of the divider between original and adversarial. */
export const swipeStyle = css`
  :host,
  .layer {
    position: absolute;
    inset: 0;
    overflow: hidden;
  }
  .divider {
    position: absolute;
    inset: 0 auto 0;
    width: 24px;
    margin-left: -12px;
    cursor: ew-resize;
    touch-action: none;
  }
  .divider::before {
    position: absolute;
    inset: 0 10px;
    border: solid var(--surface);
    border-width: 0 1px;
    background: var(--accent);
    content: "";
    forced-color-adjust: none;
  }
  .divider::after {
    display: grid;
    position: absolute;
    top: calc(50% - 12px);
    left: 0;
    place-items: center;
    width: 24px;
    height: 24px;
    border: 2px solid var(--surface);
    border-radius: 50%;
    background: var(--accent);
    color: var(--surface);
    content: "↔";
    font-size: 12px;
    forced-color-adjust: none;
  }
`;
