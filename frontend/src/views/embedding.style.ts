import { css } from "lit";

/** The looks of the panel of embedded samples, but for the points. */
export const embeddingStyle = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr) auto;
    gap: 4px 16px;
    min-width: 0;
    min-height: 0;
  }
  .says {
    grid-column: 1 / -1;
    margin: 4px 0 0;
    font-size: 12px;
    line-height: 17px;
  }
  .plane {
    grid-column: 1 / -1;
    margin: 0;
    color: var(--muted);
    font-size: 11px;
    line-height: 15px;
  }
  .other {
    color: var(--text);
  }
  .map {
    position: relative;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
    user-select: none;
  }
  .map.open {
    cursor: pointer;
  }
  canvas {
    display: block;
    position: absolute;
    width: 100%;
    height: 100%;
  }
  .component {
    position: absolute;
    padding: 0 3px;
    color: var(--muted);
    font-size: 11px;
    line-height: 15px;
    pointer-events: none;
  }
  .component.across {
    right: 0;
    bottom: 0;
  }
  .component.up {
    top: 0;
    left: 0;
  }
  .classes {
    display: grid;
    gap: 0 4px;
    align-content: start;
    width: clamp(96px, 15cqw, 170px);
    min-height: 0;
    overflow: hidden auto;
    font-size: 12px;
    scrollbar-width: thin;
  }
  .classes button {
    display: flex;
    gap: 7px;
    align-items: center;
    min-width: 0;
    min-height: 24px;
    padding: 2px 6px;
    border-radius: 4px;
    color: var(--muted);
    outline-offset: -2px;
  }
  .classes button:hover {
    color: var(--text);
  }
  .classes button[aria-pressed="true"] {
    background: var(--raised);
    box-shadow: inset 2px 0 var(--accent);
    color: var(--text);
  }
  .more {
    padding: 2px 6px;
    color: var(--muted);
    font-size: 11px;
  }
  svg {
    flex: none;
    width: 12px;
    height: 12px;
    overflow: visible;
    forced-color-adjust: none;
  }
  .tip div {
    overflow-wrap: anywhere;
  }
  .tip .aside {
    color: var(--muted);
  }
  .none {
    grid-area: 1 / 1 / -1 / -1;
    place-self: center;
    max-width: 480px;
    margin: 0;
    padding: 16px;
    color: var(--muted);
    text-align: center;
    text-wrap: balance;
  }
  /* As many lines at every epsilon, or the points would jump while it is dragged. */
  @container card (max-width: 960px) {
    .says {
      min-height: 34px;
    }
  }
  /* A phone: the classes side by side below the points. */
  @container card (max-width: 520px) {
    :host {
      grid-template: auto minmax(0, 1fr) auto auto / minmax(0, 1fr);
    }
    .says {
      min-height: 51px;
    }
    .classes {
      grid-template-columns: repeat(auto-fill, minmax(64px, 1fr));
      width: auto;
      max-height: 96px;
    }
  }
`;
