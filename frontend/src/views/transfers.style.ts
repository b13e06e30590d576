import { css } from "lit";
import { unseen } from "./theme";

/** The looks of the table of transfers. */
export const transfersStyle = [
  unseen,
  css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      gap: 8px 0;
      min-width: 0;
      min-height: 0;
    }
    p {
      margin: 4px 0 0;
    }
    .scroll {
      overflow: auto;
    }
    table {
      border-collapse: collapse;
      font-size: 12px;
      font-variant-numeric: tabular-nums;
    }
    caption {
      text-align: left;
    }
    th,
    td {
      max-width: 180px;
      padding: 5px 10px;
      border: 1px solid var(--border);
      font-weight: 400;
      text-align: right;
      white-space: nowrap;
    }
    thead th {
      position: sticky;
      top: 0;
      background: var(--surface);
    }
    th[scope="row"],
    .corner {
      position: sticky;
      left: 0;
      background: var(--surface);
      text-align: left;
    }
    .corner {
      z-index: 1;
      max-width: none;
      color: var(--muted);
    }
    th .cut {
      display: block;
    }
    small {
      display: block;
      color: var(--muted);
      font-size: 11px;
    }
    td {
      background: color-mix(in srgb, var(--colour) var(--share, 0%), transparent);
    }
    td small {
      color: inherit;
    }
    /* A model's own examples: what the others are compared with. */
    td.own {
      font-style: italic;
    }
  `,
];
