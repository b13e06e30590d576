// The entry of a page that stands alone: the dashboard, over the data that the page carries.

import "./views/rest";
import { report, show } from "./dashboard";
import { carried } from "./data/carried";
import { Decoder } from "./data/decoder";
import { recall, standAlone } from "./host";
import { pickLanguage, speech } from "./i18n/words";
import { Store } from "./store";

/** Calls back with whether the page is to be dark: as it says itself, or else as the reader likes. */
function theme(changed: (dark: boolean) => void): void {
  const { theme: wanted } = document.documentElement.dataset;
  if (wanted) {
    changed(wanted === "dark");
    return;
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => changed(dark.matches));
  changed(dark.matches);
}

async function begin(): Promise<void> {
  standAlone();
  const chosen = document.documentElement.lang || recall("language");
  const language = pickLanguage(chosen, navigator.language);
  // Without a worker, which a page on disk may not start.
  show(new Store(carried(document), new Decoder(null), await speech(language)), theme);
}

begin().catch(report);
