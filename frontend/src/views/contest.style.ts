import { css } from "lit";
import { arrow, explained } from "./theme";

/** The looks of the bar above compared samples. */
export const contestStyle = css`
  :host {
    margin-bottom: 10px;
    padding: 8px 12px 9px;
    border: 1px solid var(--border);
    border-radius: 8px;
    background: var(--surface);
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 10px;
    align-items: center;
  }
  label,
  .alone {
    color: var(--muted);
  }
  .choice {
    position: relative;
    min-width: 0;
    max-width: 100%;
  }
  .choice::after {
    ${arrow}
    top: 9px;
    right: 10px;
  }
  select {
    max-width: 100%;
    height: 26px;
    padding: 0 26px 0 8px;
    appearance: none;
    overflow: hidden;
    text-overflow: ellipsis;
    cursor: pointer;
  }
  button.split,
  button.offer {
    min-height: 26px;
    padding: 2px 9px;
    font-size: 12px;
    line-height: 20px;
  }
  button.split span {
    margin-left: 6px;
    color: var(--muted);
  }
  button.split[aria-pressed="true"] {
    background: var(--raised);
    box-shadow: inset 0 -2px var(--accent);
  }
  .alone {
    font-size: 12px;
    ${explained}
  }
  /* As high as the longest sentence, so that no card moves while epsilon does. */
  .outcome {
    min-height: 20px;
    margin: 6px 0 0;
    line-height: 20px;
    text-wrap: pretty;
  }
  .offers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 8px;
  }
  .outcome.numbers[data-many] {
    min-height: 40px;
  }
  @media (max-width: 1199px) {
    .outcome.numbers {
      min-height: 40px;
    }
  }
  @media (max-width: 639px) {
    .outcome.numbers,
    .outcome.numbers[data-many] {
      min-height: 80px;
    }
  }
`;
