import { css } from "lit";

/** The heading of a part of the close look at one sample. */
export const heading = css`
  h3 {
    margin: 0 0 4px;
    color: var(--muted);
    font-size: 11px;
    font-weight: 400;
    line-height: 16px;
  }
`;

/** A drawing under such a heading, and the list of what its colours mean. */
export const legend = css`
  ${heading}
  svg {
    display: block;
    overflow: visible;
  }
  ul {
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
  }
  .name {
    overflow-wrap: anywhere;
  }
  small {
    color: var(--muted);
    font-size: 11px;
    font-weight: 400;
  }
`;
