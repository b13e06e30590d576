// Puts the dashboard into a page: the app, its theme, and what becomes of errors nobody foresaw.

import type { Store } from "./store";
import { App } from "./views/app";
import { page } from "./views/theme";

/** Milliseconds for which nothing is shown of what is on its way. */
const SOON = 40;

/** Shows a store's dashboard. `theme` calls back with whether it is dark: now, and on each change. */
export function show(store: Store, theme: (changed: (dark: boolean) => void) => void): void {
  if (page.styleSheet) document.adoptedStyleSheets.push(page.styleSheet);
  const app = new App();
  app.store = store;
  theme((dark) => {
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
    app.dark = dark;
  });
  // What comes at once is rendered at once: an outline of it would take as long again.
  const appear = () => app.isConnected || document.body.append(app);
  store.addEventListener("change", appear, { once: true });
  // Of what has come the store tells once there is a picture, too.
  setTimeout(() => store.view.listing ?? appear(), SOON);
  window.addEventListener("error", ({ message, error }) => {
    // Harmless, and every browser's: an observer will tell the rest in the next frame.
    if (!message.startsWith("ResizeObserver")) report(error ?? message, store);
  });
  window.addEventListener("unhandledrejection", ({ reason }) => report(reason, store));
  store.reload();
}

/** An error nobody foresaw must not end in a blank tab: it is shown as it is. */
export function report(error: unknown, store?: Store): void {
  console.error(error);
  const box = document.querySelector("#fgsm-failure") ?? document.createElement("pre");
  box.id = "fgsm-failure";
  box.setAttribute("role", "alert");
  box.setAttribute(
    "style",
    "position: fixed; inset: auto 16px 16px; z-index: 9; margin: 0; padding: 12px 16px;" +
      "max-height: 40vh; overflow: auto; border: 1px solid currentColor; border-radius: 8px;" +
      "background: var(--surface, white); color: var(--flipped, #b8330a); white-space: pre-wrap",
  );
  const title = store?.voice.words.failed ?? "FGSM";
  box.textContent = `${title}\n${error instanceof Error ? (error.stack ?? error.message) : error}`;
  document.body.append(box);
}
