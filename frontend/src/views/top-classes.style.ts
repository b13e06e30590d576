import { css } from "lit";

/** The looks of the chart of a sample's most probable classes. */
export const topClassesStyle = css`
  text {
    fill: var(--muted);
    font-size: 11px;
  }
  .share {
    text-anchor: end;
  }
  .epsilon {
    text-anchor: middle;
  }
  .grid {
    stroke: var(--hairline);
  }
  .now {
    stroke: var(--accent);
    stroke-width: 1.5;
  }
  g {
    forced-color-adjust: none;
  }
  polyline {
    fill: none;
    stroke: var(--colour);
    stroke-width: 1.25;
    stroke-linejoin: round;
  }
  path {
    fill: var(--colour);
  }
  .own polyline {
    stroke-width: 2.5;
  }
  .target polyline {
    stroke-width: 2;
    stroke-dasharray: 5 3;
  }
  ul {
    margin: 6px 0 0;
  }
  li {
    grid-template-columns: 14px minmax(0, 1fr) auto;
    gap: 6px;
    align-items: baseline;
    line-height: 20px;
  }
  li > i {
    width: 8px;
    height: 8px;
    margin-left: 3px;
  }
  li > i::before {
    display: block;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--colour);
    content: "";
    forced-color-adjust: none;
  }
  .own .name {
    font-weight: 500;
  }
  details {
    margin-top: 4px;
  }
  summary {
    min-height: 24px;
    color: var(--muted);
    font-size: 12px;
    line-height: 24px;
    cursor: pointer;
  }
  .scroll {
    max-height: 240px;
    overflow: auto;
    scrollbar-width: thin;
  }
  table {
    border-collapse: collapse;
    font-size: 12px;
  }
  th,
  td {
    padding: 2px 10px 2px 0;
    border-top: 1px solid var(--hairline);
    font-weight: 400;
    text-align: left;
    vertical-align: baseline;
    overflow-wrap: anywhere;
  }
  th {
    color: var(--muted);
    white-space: nowrap;
  }
`;
