import { css } from "lit";

/**
 * Where a tip lies beside what it tells of: right of it in the left half of a plot, else left of
 * it, so that it stays within. A style, in CSS pixels of the element.
 *
 * @param x what it tells of
 * @param middle the plot's
 * @param gap how far from it
 */
export function beside(x: number, middle: number, gap: number): string {
  return x < middle ? `left: ${x + gap}px` : `right: calc(100% - ${x - gap}px)`;
}

/** What is told beside a point of the plot that is being pointed at. */
export const tip = css`
  .tip {
    position: absolute;
    z-index: 2;
    min-width: 150px;
    max-width: 280px;
    padding: 7px 10px;
    border: 1px solid var(--border);
    border-radius: 6px;
    background: var(--surface);
    font-size: 12px;
    line-height: 18px;
    pointer-events: none;
  }
`;
