import { css } from "lit";

/** The side of a picture's place, in CSS pixels. */
export const PLACE = 96;

/** The looks of a sample at other steps and in other runs. */
export const sampleOthersStyle = css`
  h3 {
    margin-bottom: 6px;
  }
  ul {
    display: flex;
    gap: 8px;
    margin: 0 0 14px;
    padding: 2px;
    overflow-x: auto;
    list-style: none;
    scrollbar-width: thin;
  }
  li {
    flex: none;
    width: ${PLACE + 26}px;
  }
  button,
  .nothing {
    display: block;
    width: 100%;
    height: 100%;
    padding: 6px 12px;
    border: 1px solid var(--border);
    border-radius: 6px;
    background: var(--surface);
  }
  button:hover {
    background: var(--raised);
  }
  button[aria-current] {
    border-color: var(--accent);
    box-shadow: inset 0 -2px var(--accent);
  }
  .nothing {
    border-style: dashed;
    color: var(--muted);
  }
  .where,
  .said {
    position: relative;
    display: flex;
    gap: 6px;
    align-items: center;
    min-width: 0;
    font-size: 12px;
    line-height: 18px;
  }
  .where.spot::before {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--colour);
    content: "";
    forced-color-adjust: none;
  }
  .place {
    display: grid;
    place-items: center;
    height: ${PLACE}px;
    margin: 2px 0;
    border-radius: 3px;
    background: var(--raised);
    font-size: 11px;
    text-align: center;
  }
  .nothing .place {
    background: none;
  }
  .said > :last-child {
    flex: none;
    margin-left: auto;
    color: var(--muted);
  }
  .sign {
    color: var(--wrong);
  }
  .flipped .sign {
    color: var(--flipped);
  }
  .right .sign {
    color: var(--right);
  }
`;
