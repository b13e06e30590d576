import { css } from "lit";

/** The looks of the list of runs. */
export const runsStyle = css`
  .list {
    max-height: min(26vh, 420px);
    margin: 4px -6px 0;
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  .run {
    display: flex;
    align-items: center;
    height: 26px;
    border-radius: 6px;
    color: var(--text);
    content-visibility: auto;
    contain-intrinsic-height: 26px;
  }
  .run.focused {
    background: var(--raised);
    box-shadow: inset 3px 0 var(--accent);
  }
  .run.untagged {
    color: var(--dim);
  }
  .dot {
    flex: none;
    display: grid;
    place-items: center;
    width: 28px;
    height: 26px;
    outline-offset: -3px;
  }
  .dot::before {
    width: 10px;
    height: 10px;
    border: 2px solid var(--colour);
    border-radius: 50%;
    content: "";
    forced-color-adjust: none;
  }
  .dot[aria-pressed="true"]::before {
    background: var(--colour);
  }
  .untagged .dot::before {
    border-width: 1.5px;
    opacity: 0.55;
  }
  .pick {
    display: flex;
    flex: 1;
    gap: 7px;
    align-items: center;
    min-width: 0;
    height: 100%;
    padding-right: 8px;
    outline-offset: -2px;
  }
  button:disabled {
    cursor: default;
  }
  .run:not(.focused):hover {
    background: color-mix(in srgb, var(--raised) 55%, transparent);
  }
  .name {
    flex: 1;
  }
  .number {
    flex: none;
    color: var(--muted);
  }
  .accuracy {
    /* As wide as 99 %, so that hardly a name is cut anew while epsilon moves. */
    min-width: 3.9ch;
    text-align: right;
  }
  .stand-in {
    font-size: 11px;
  }
  .damaged {
    color: var(--flipped);
    font-size: 11px;
  }
  input {
    width: 100%;
    height: 28px;
    margin-top: 6px;
    padding: 0 8px;
    border: 1px solid var(--control);
    border-radius: 6px;
    background: var(--surface);
  }
  input::-webkit-search-cancel-button {
    filter: grayscale(1);
  }
  input::placeholder {
    color: var(--dim);
    opacity: 1;
  }
  .none {
    margin: 6px 8px;
    color: var(--muted);
  }
`;
