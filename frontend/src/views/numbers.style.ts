import { css } from "lit";

/** The looks of the panel of numbers. */
export const numbersStyle = css`
  :host {
    display: flex;
    position: relative;
    flex-direction: column;
    min-width: 0;
  }
  .epsilon {
    display: flex;
    gap: 6px;
    align-items: baseline;
    margin-top: 8px;
    color: var(--muted);
    white-space: nowrap;
  }
  .epsilon b {
    color: var(--text);
    font-size: 24px;
    font-weight: 400;
    line-height: 30px;
    letter-spacing: -0.01em;
  }
  .epsilon .other {
    margin-left: 4px;
  }
  .epsilon fgsm-play {
    align-self: center;
    margin-left: auto;
  }
  /* The sentence takes what room there is; where it does not fit, it wraps out of sight. */
  .room {
    display: flex;
    flex: 1;
    flex-flow: column wrap;
    align-content: flex-start;
    min-height: 0;
    margin: 6px 0;
    overflow: hidden;
  }
  .room > * {
    width: 100%;
    margin: 0;
    color: var(--muted);
    font-size: 12px;
    line-height: 17px;
    text-wrap: pretty;
  }
  .stand-in {
    display: block;
    margin-bottom: 3px;
    color: var(--text);
    cursor: help;
  }
  .spotted {
    margin-bottom: 5px;
  }
  dl {
    display: grid;
    gap: 5px 8px;
    margin: 0;
    line-height: 18px;
  }
  dl div {
    display: flex;
    gap: 8px;
    justify-content: space-between;
  }
  dt {
    color: var(--muted);
    white-space: nowrap;
  }
  dd {
    margin: 0;
    text-align: right;
    white-space: nowrap;
  }
  dd.climb {
    flex-wrap: nowrap;
    gap: 6px;
  }
  .fallen {
    color: var(--flipped);
  }
  /* A phone in portrait: epsilon, the sentence, and the numbers two by two. */
  @media (max-width: 639px) {
    .epsilon {
      margin-top: 2px;
    }
    .room {
      flex: none;
      flex-wrap: nowrap;
    }
    dl {
      grid-template-columns: 1fr 1fr;
      gap: 8px 16px;
    }
    dl div {
      flex-direction: column-reverse;
      gap: 0;
      justify-content: flex-end;
      padding-top: 6px;
      border-top: 1px solid var(--hairline);
    }
    dt {
      white-space: normal;
    }
    dd {
      font-size: 17px;
      line-height: 24px;
      text-align: left;
    }
  }
`;
