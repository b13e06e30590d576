import { css } from "lit";

/** How high the strip is that stands for the card once that is scrolled out of sight, and it with the
 * toolbar below it, in CSS pixels. */
export const STRIP = 32;
export const FOLDED = 72;

/** The page's layout: sidebar and main column, each scrolling by itself. */
export const appStyle = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / 248px minmax(0, 1fr);
    height: 100vh;
    background: var(--page);
    color: var(--text);
  }
  aside {
    display: flex;
    flex-direction: column;
    min-height: 0;
    border-right: 1px solid var(--border);
    background: var(--surface);
  }
  .scroll {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 20px;
    min-height: 0;
    padding: 14px 16px;
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  .scroll > * {
    flex: none;
  }
  fgsm-print {
    flex: none;
    max-height: 60%;
    padding: 6px 16px 10px;
    border-top: 1px solid var(--hairline);
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  main {
    min-width: 0;
    padding: 0 10px 24px 18px;
    overflow: hidden auto;
    scroll-padding-top: ${FOLDED + 8}px;
    scrollbar-gutter: stable;
    scrollbar-width: thin;
  }
  main.still {
    overflow: hidden;
  }
  main.alone {
    grid-column: 1 / -1;
    padding-top: 18px;
  }
  main.alone fgsm-notice,
  main.alone fgsm-language {
    max-width: 680px;
    margin: 14px auto 0;
    padding: 0 24px;
  }
  .top {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr) 218px;
    gap: 0 16px;
    height: clamp(280px, 36vh, 480px);
    margin-top: 14px;
    padding: 12px 16px;
    border: 1px solid var(--border);
    border-radius: 8px;
    background: var(--surface);
  }
  /* A table wants more rows than a curve wants height. */
  .top.classes,
  .top.transfer {
    height: max(280px, 45vh);
  }
  .top.embedding {
    height: max(380px, 58vh);
  }
  fgsm-numbers {
    padding-left: 18px;
    border-left: 1px solid var(--border);
  }
  fgsm-notice {
    margin-top: 14px;
  }
  .early {
    display: grid;
    gap: 12px;
    justify-items: center;
    margin: 14px 0 0;
    padding: 48px 16px;
    border: 1px dashed var(--border);
    border-radius: 8px;
    color: var(--muted);
    text-align: center;
    overflow-wrap: anywhere;
  }
  .fold,
  .unfold,
  .veil {
    display: none;
  }
  /* As high as the heading beside it, or it would lie over the first run. */
  button.fold {
    padding: 2px 10px;
  }
  /* A notebook's frame is low: the chart gives way to the samples. */
  @media (max-height: 599px) {
    .top {
      height: 244px;
    }
  }
  @media (max-width: 959px) {
    :host {
      grid-template-columns: minmax(0, 1fr);
    }
    main {
      padding: 0 6px 24px 14px;
    }
    .top {
      grid-template-columns: minmax(0, 1fr) 200px;
    }
    .unfold {
      display: block;
      margin-top: 12px;
    }
    .unfold + .top {
      margin-top: 10px;
    }
    .fold {
      display: block;
      position: absolute;
      z-index: 1;
      top: 8px;
      right: 16px;
    }
    aside {
      position: fixed;
      z-index: 3;
      inset: 0 auto 0 0;
      width: 272px;
      visibility: hidden;
    }
    aside.open {
      visibility: visible;
    }
    .veil {
      display: block;
      position: fixed;
      z-index: 2;
      inset: 0;
      background: rgb(0 0 0 / 35%);
    }
    aside.outline {
      display: none;
    }
  }
  /* A phone in portrait, and a page enlarged four times: one thing below the other. */
  @media (max-width: 639px) {
    main {
      padding: 0 4px 24px 12px;
    }
    .top,
    .top.classes,
    .top.embedding,
    .top.transfer {
      grid-template: auto auto / minmax(0, 1fr);
      height: auto;
      padding: 10px 12px;
    }
    fgsm-panels {
      height: 300px;
    }
    .top.classes fgsm-panels,
    .top.transfer fgsm-panels {
      height: 380px;
    }
    .top.embedding fgsm-panels {
      height: 540px;
    }
    fgsm-numbers {
      margin-top: 10px;
      padding: 10px 0 0;
      border-top: 1px solid var(--border);
      border-left: 0;
    }
    /* Their room before they are there. */
    fgsm-numbers:not(:defined) {
      height: 213px;
    }
  }
  @media (max-width: 639px), (max-height: 479px) {
    fgsm-folded {
      display: none;
    }
    main {
      scroll-padding-top: 8px;
    }
  }
  .ghosts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 470px), 1fr));
    gap: 12px;
    margin-top: 44px;
  }
  .ghosts div {
    height: 218px;
    border: 1px solid var(--border);
    border-radius: 8px;
    background: var(--surface);
  }
  .outline {
    animation: appear 0s 200ms both;
  }
  main.outline {
    padding-top: 14px;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
    to {
      visibility: visible;
    }
  }
`;
