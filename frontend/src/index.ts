import { onReload, onTheme } from "./host";
import { Store } from "./store";
import { App } from "./views/app";
import { page } from "./views/theme";

/** How long a look at another tab must last for the data to be asked for anew, in milliseconds. */
const AWAY = 5000;

/** How often to ask for the first run, in milliseconds. */
const WAITING = 5000;

/** Mounts the dashboard. TensorBoard calls this once and ignores what becomes of it. */
export async function render(): Promise<void> {
  try {
    if (page.styleSheet) document.adoptedStyleSheets.push(page.styleSheet);
    document.title = "FGSM";
    const store = new Store();
    const app = new App();
    app.store = store;
    onTheme((dark) => {
      document.documentElement.dataset["theme"] = dark ? "dark" : "light";
      app.dark = dark;
    });
    document.body.append(app);
    window.addEventListener("error", ({ message, error }) => {
      // Harmless, and every browser's: an observer will tell the rest in the next frame.
      if (!message.startsWith("ResizeObserver")) report(error ?? message, store);
    });
    window.addEventListener("unhandledrejection", ({ reason }) => report(reason, store));
    onReload(() => store.reload());
    reloadOnReturn(store);
    awaitRuns(store);
    store.reload();
  } catch (error) {
    report(error);
  }
}

/** An error nobody foresaw must not end in a blank tab: it is shown as it is. */
function report(error: unknown, store?: Store): void {
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
  const title = store?.words.failed ?? "FGSM";
  box.textContent = `${title}\n${error instanceof Error ? (error.stack ?? error.message) : error}`;
  document.body.append(box);
}

/** Data may have come while the browser showed another tab. */
function reloadOnReturn(store: Store): void {
  let left = Number.POSITIVE_INFINITY;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > AWAY) store.reload();
  });
}

/** TensorBoard reloads only if told to: until there are runs, the tab asks for them by itself. */
function awaitRuns(store: Store): void {
  const timer = setInterval(() => {
    const { listing } = store.view;
    if (listing && listing.runs.length > 0) clearInterval(timer);
    else if (listing && !document.hidden) store.reload();
  }, WAITING);
}
