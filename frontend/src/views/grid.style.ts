import { css } from "lit";
import { FURNITURE, GAP } from "../layout";

/** The grid's looks. It sets --columns, --width and --height, a picture's size, on its cards. */
export const gridStyle = css`
  .line {
    display: flex;
    gap: 16px;
    align-items: center;
    height: 44px;
    white-space: nowrap;
  }
  .spotted {
    max-width: 32ch;
  }
  .formula {
    color: var(--muted);
  }
  .size {
    display: flex;
    gap: 8px;
    align-items: center;
    margin-left: auto;
    color: var(--muted);
  }
  .size input {
    --track: 3px;
    --thumb: 12px;
    --ink: var(--dim);
    width: 96px;
  }
  .cards {
    display: grid;
    grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    gap: ${GAP}px;
  }
  fgsm-card {
    height: calc(var(--height) + ${FURNITURE}px);
    /* What changes within a card is nobody else's business. */
    contain: strict;
    content-visibility: auto;
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
  fgsm-notice {
    margin-bottom: ${GAP}px;
  }
  .end {
    height: 1px;
  }
`;
