import { css } from "lit";
import { FURNITURE, GAP } from "../model/layout";
import { FOLDED, STRIP } from "./app.style";

/** The grid's looks. It sets --card, a card's width, and --width and --height, a picture's. */
export const gridStyle = css`
  /* Its room before it is there: in a narrow window it has two rows or three. */
  fgsm-toolbar:not(:defined) {
    display: block;
    height: ${FOLDED - STRIP}px;
  }
  @media (max-width: 779px) {
    fgsm-toolbar:not(:defined) {
      height: 68px;
    }
  }
  @media (max-width: 639px) {
    fgsm-toolbar:not(:defined) {
      height: 102px;
    }
  }
  .cards {
    position: relative;
  }
  fgsm-card,
  fgsm-comparison {
    position: absolute;
    width: var(--card);
    height: calc(var(--height) + ${FURNITURE.triplet}px);
    /* What changes within a card is nobody else's business. */
    contain: strict;
  }
  [data-shape="strip"] fgsm-card {
    height: calc(var(--height) + ${FURNITURE.strip}px);
  }
  [data-shape="compare"] fgsm-comparison {
    height: calc(var(--height) + ${FURNITURE.compare}px);
  }
  [data-shape="time"] fgsm-comparison {
    height: calc(var(--height) + ${FURNITURE.time}px);
  }
  .message {
    display: grid;
    gap: 12px;
    place-items: center;
    padding: 48px 16px;
    border: 1px dashed var(--border);
    border-radius: 8px;
    color: var(--muted);
    text-align: center;
  }
  .message p {
    margin: 0;
  }
  .message .pass {
    color: var(--text);
    font-size: 14px;
  }
  fgsm-notice {
    margin-bottom: ${GAP}px;
  }
`;
