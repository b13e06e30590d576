import { css } from "lit";

/** The looks of the close look at one sample. */
export const sampleStyle = css`
  dialog {
    width: calc(100vw - 32px);
    max-width: 1760px;
    height: calc(100vh - 32px);
    max-height: none;
    padding: 0;
    border: 1px solid var(--control);
    border-radius: 8px;
    background: var(--surface);
    color: var(--text);
    overflow: hidden;
    /* How high a picture may be: below it the slider and the curves begin. */
    --most: max(160px, calc(100vh - 300px));
  }
  dialog[open] {
    display: flex;
    flex-direction: column;
  }
  /* Opened, it has the focus itself: what has it is then plain to see. */
  dialog:focus-visible {
    outline: none;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 35%);
  }
  header,
  footer {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    padding: 8px 12px 8px 16px;
    border-bottom: 1px solid var(--border);
  }
  footer {
    border-top: 1px solid var(--border);
    border-bottom: 0;
  }
  footer > * {
    flex: 1;
  }
  h2 {
    min-width: 0;
    color: var(--text);
    font-size: 16px;
    letter-spacing: 0;
    line-height: 22px;
    text-transform: none;
    overflow-wrap: anywhere;
  }
  .index {
    color: var(--muted);
    font-size: 13px;
  }
  .pill {
    flex: none;
    padding: 0 8px;
    border-radius: 10px;
    background: var(--right-surface);
    color: var(--right);
    font-size: 12px;
    line-height: 20px;
  }
  [data-state="flipped"] .pill {
    background: var(--flipped-surface);
    color: var(--flipped);
  }
  [data-state="wrong"] .pill {
    background: var(--wrong-surface);
    color: var(--wrong);
  }
  header > .close:nth-child(2) {
    margin-left: auto;
  }
  .from {
    display: flex;
    flex-wrap: wrap;
    gap: 0 5px;
    min-width: 0;
    color: var(--muted);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  nav {
    display: flex;
    gap: 6px;
    align-items: center;
    margin-left: auto;
  }
  nav .place {
    min-width: 8ch;
    color: var(--muted);
    font-size: 12px;
    text-align: center;
  }
  header button.framed {
    min-height: 28px;
    padding: 2px 10px;
  }
  .step[aria-disabled="true"] {
    color: var(--dim);
    cursor: default;
  }
  .body {
    flex: 1;
    min-height: 0;
    padding: 12px 16px 16px;
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  .without {
    margin: 15vh 0;
    color: var(--muted);
    text-align: center;
  }
  fgsm-notice {
    margin-bottom: 12px;
  }
  .slider {
    display: flex;
    gap: 18px;
    align-items: center;
    height: 36px;
    margin: 2px 0 10px;
  }
  .slider .epsilon {
    min-width: 10ch;
    font-size: 15px;
  }
  .muted {
    color: var(--muted);
  }
  .track {
    position: relative;
    flex: 1;
    height: 26px;
    margin: 0 8px;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr);
    gap: 16px 32px;
    padding: 14px 0;
    border-top: 1px solid var(--hairline);
  }
  @media (max-width: 959px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  /* The whole tab: a phone, and a page enlarged four times. */
  @media (max-width: 639px) {
    dialog {
      width: 100vw;
      max-width: none;
      height: 100vh;
      margin: 0;
      border: 0;
      border-radius: 0;
      --most: max(140px, 30vh);
    }
    .body {
      padding: 10px 12px 16px;
    }
    header,
    footer {
      padding: 6px 12px;
    }
    .from {
      flex-basis: 100%;
    }
    nav {
      margin-left: 0;
    }
    .close {
      margin-left: auto;
    }
  }
  /* Where a head and a foot would leave no room between them, all of it scrolls. */
  @media (max-height: 479px) {
    dialog {
      overflow: auto;
    }
    .body {
      flex: none;
    }
  }
`;
