import { css } from "lit";

/** The looks of the menu that saves. */
export const saveStyle = css`
  :host {
    position: relative;
  }
  .ask {
    display: grid;
    place-items: center;
    width: 24px;
    height: 24px;
    padding: 0 !important;
    border-color: var(--control);
    border-radius: 50%;
  }
  svg {
    width: 12px;
    height: 12px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
  }
  .menu {
    position: absolute;
    z-index: 3;
    top: 28px;
    right: 0;
    display: grid;
    padding: 4px;
    border: 1px solid var(--control);
    border-radius: 6px;
    background: var(--surface);
    white-space: nowrap;
  }
  .menu button {
    min-height: 28px;
    padding: 4px 10px;
    border-radius: 4px;
  }
  .menu button:hover:enabled {
    background: var(--raised);
  }
  .menu button:disabled {
    color: var(--dim);
    cursor: default;
  }
  .told {
    width: max-content;
    max-width: min(320px, 80vw);
    padding: 6px 10px;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .told p {
    margin: 0;
  }
  .told button {
    justify-self: end;
    margin-top: 6px;
  }
`;
