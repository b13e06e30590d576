// The entry in TensorBoard, which imports this file and calls `render`.

import { report, show } from "./dashboard";
import { fetchOpening, routes } from "./data/api";
import { Decoder } from "./data/decoder";
import { opened } from "./data/opening";
import { startWorker } from "./data/start-worker";
import { onReload, onTheme, readAddress, recall } from "./host";
import { pickLanguage, speech } from "./i18n/words";
import { fromAddress } from "./model/address";
import { Store } from "./store";

/** How long a look at another tab must last for the data to be asked for anew, in milliseconds. */
const AWAY = 5000;

/** How often to ask for the first run, in milliseconds. */
const WAITING = 5000;

/** Mounts the dashboard. TensorBoard calls this once and ignores what becomes of it. */
export async function render(): Promise<void> {
  try {
    document.title = "FGSM";
    const language = pickLanguage(recall("language"), navigator.language);
    const decoder = new Decoder(startWorker);
    const source = opened(routes, fetchOpening(fromAddress(readAddress())));
    const store = new Store(source, decoder, await speech(language));
    show(store, onTheme);
    onReload(() => store.reload());
    reloadOnReturn(store);
    awaitRuns(store);
  } catch (error) {
    report(error);
  }
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
