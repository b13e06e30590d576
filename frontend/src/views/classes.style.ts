import { css } from "lit";

/** A row's height in CSS pixels. */
export const ROW = 26;

/** The looks of the table of classes. */
export const classesStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    overflow: auto hidden;
  }
  .bare {
    color: var(--muted);
    font-size: 11px;
  }
  button.bare {
    font-size: inherit;
    font-style: italic;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(120px, 1.2fr) 60px minmax(150px, 1.2fr) minmax(100px, 2.2fr);
    min-width: 472px;
    gap: 0 14px;
    align-items: center;
  }
  @media (max-width: 639px) {
    .row,
    .body {
      min-width: 420px !important;
    }
    .row {
      grid-template-columns: 84px 48px 148px 1fr !important;
      gap: 0 8px;
    }
  }
  .head {
    flex: none;
    height: 24px;
    padding-right: 10px;
    border-bottom: 1px solid var(--hairline);
    color: var(--muted);
    font-size: 11px;
  }
  .head > * {
    display: flex;
    gap: 8px;
    align-items: center;
    min-width: 0;
    white-space: nowrap;
  }
  .head .turns {
    padding-left: 6px;
  }
  .head .count {
    justify-content: end;
  }
  .head button:hover,
  [aria-sort="ascending"] button,
  [aria-sort="descending"] button {
    color: var(--text);
  }
  /* The arrow's place is kept, so that nothing moves when the order changes. */
  .arrow {
    display: inline-block;
    width: 9px;
    margin-left: 3px;
    font-size: 9px;
  }
  .tick-key::before {
    display: inline-block;
    width: 2px;
    height: 9px;
    margin-right: 4px;
    background: var(--text);
    content: "";
    forced-color-adjust: none;
  }
  .body {
    flex: 1;
    min-width: 472px;
    min-height: 0;
    overflow: hidden scroll;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .rows {
    position: relative;
    contain: strict;
  }
  .body .row {
    position: absolute;
    right: 0;
    left: 0;
    height: ${ROW}px;
    border-radius: 6px;
  }
  .body .row:hover {
    background: color-mix(in srgb, var(--raised) 55%, transparent);
  }
  .body .row.chosen {
    background: var(--raised);
    box-shadow: inset 3px 0 var(--accent);
  }
  .row > .pick {
    min-width: 0;
    padding-left: 6px;
  }
  .body .pick button {
    width: 100%;
    line-height: ${ROW}px;
    outline-offset: -2px;
  }
  .count {
    text-align: right;
  }
  .accuracy {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .bar {
    flex: 1;
    position: relative;
    height: 8px;
    border: 1px solid var(--border);
    border-radius: 2px;
    background: var(--hairline);
    forced-color-adjust: none;
  }
  .row.chosen .bar {
    background: var(--surface);
  }
  .bar i {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--colour);
  }
  .bar b {
    position: absolute;
    top: -3px;
    bottom: -3px;
    width: 2px;
    margin-left: -1px;
    background: var(--text);
  }
  .accuracy span:last-child {
    flex: none;
    width: 6.4ch;
    text-align: right;
  }
  .became {
    display: flex;
    gap: 4px;
    align-items: center;
    min-width: 0;
    height: 100%;
    font-size: 12px;
    white-space: nowrap;
  }
  .became button {
    display: flex;
    flex: none;
    gap: 5px;
    max-width: 100%;
    min-height: 24px;
    align-items: center;
    padding: 1px 6px;
    border-radius: 4px;
    outline-offset: -1px;
  }
  .became button:hover {
    background: var(--border);
  }
  .became button[aria-pressed="true"] {
    background: var(--flipped-surface);
    color: var(--flipped);
  }
  .became .times,
  .more {
    flex: none;
    color: var(--muted);
  }
  .became button[aria-pressed="true"] .times {
    color: inherit;
  }
  .none {
    margin: auto;
    color: var(--muted);
  }
`;
