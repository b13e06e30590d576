// The only contact with TensorBoard's frame, in whose iframe the dashboard lives: messages, the
// theme and the address; and what the browser remembers for its reader. TensorBoard publishes no
// package for it, so that this is the protocol as its frontend speaks it. Without a frame around it
// (or one of another origin) all of it is quiet.

const PREFIX = "p.fgsm.";

/** Whether this page is no part of TensorBoard's. */
let alone = false;

/** From now on the page's address is its own, whoever frames it. */
export function standAlone(): void {
  alone = true;
}

/** The window in whose address it stands what is looked at. */
function addressed(): Window {
  return alone ? window : window.parent;
}

interface Message {
  readonly type: string;
  readonly id: number;
  readonly isReply: boolean;
}

/** Calls back when TensorBoard has read new data, or found or lost runs. */
export function onReload(callback: () => void): void {
  if (window.parent === window) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<string>) => {
    const { type, id, isReply }: Message = JSON.parse(data);
    if (isReply) return;
    // TensorBoard holds a promise for every message until it is answered.
    port1.postMessage(JSON.stringify({ type, id, payload: null, error: null, isReply: true }));
    if (type === "experimental.DataReloaded" || type === "experimental.RunsChanged") callback();
  };
  window.parent.postMessage("experimental.bootstrap", "*", [port2]);
}

/** Calls back with whether TensorBoard's theme is dark: now, and whenever it changes. */
export function onTheme(callback: (dark: boolean) => void): void {
  const body = parentDocument()?.body;
  if (!body) {
    callback(false);
    return;
  }
  // TensorBoard's theme is a class on its body; prefers-color-scheme does not follow it.
  const tell = () => callback(body.classList.contains("dark-mode"));
  new MutationObserver(tell).observe(body, { attributes: true, attributeFilter: ["class"] });
  tell();
}

/** What the address says of this plugin, keys without their prefix. */
export function readAddress(): Map<string, string> {
  try {
    return parseHash(addressed().location.hash);
  } catch {
    return new Map();
  }
}

/**
 * Calls back when the address was changed by hand, or by going back or forward. What is written by
 * `writeAddress` is not told, nor that the reader has gone to another tab of TensorBoard.
 */
export function onAddress(callback: () => void): void {
  try {
    const parent = addressed();
    const tell = () => {
      if (namesUs(parent.location.hash)) callback();
    };
    parent.addEventListener("hashchange", tell);
    // TensorBoard takes this frame down as it likes; its own window stays.
    window.addEventListener("pagehide", () => parent.removeEventListener("hashchange", tell));
  } catch {
    // Another origin's frame has an address of its own.
  }
}

/** Whether a hash says anything of this plugin: TensorBoard's own for its tab, "#fgsm", does not. */
function namesUs(hash: string): boolean {
  return parseHash(hash).size > 0;
}

/**
 * Writes this plugin's keys into the address, and leaves what belongs to others as it is: in the
 * present entry of the browser's history, or in a new one after it.
 */
export function writeAddress(values: ReadonlyMap<string, string>, entry: "present" | "new"): void {
  try {
    const { history, location } = addressed();
    const hash = mergeHash(location.hash, values);
    // TensorBoard's router keeps its own state in each entry, and begins anew where there is none.
    if (entry === "present") history.replaceState(history.state, "", hash);
    else if (hash !== location.hash) history.pushState(history.state, "", hash);
  } catch {
    // Another origin's frame, or too many writes in a moment: the address is a convenience.
  }
}

/** The address of the page with this plugin's keys replaced by these, for others to open. */
export function addressWith(values: ReadonlyMap<string, string>): string {
  const { location } = (alone ? null : parentDocument()) ?? document;
  return location.href.replace(/#.*$|$/, () => mergeHash(location.hash, values));
}

/** What was remembered in this browser under a key. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a choice that is the reader's own, and none of whom they share the address with. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // The browser may keep nothing for this page: the choice then lasts as long as the tab.
  }
}

/** This plugin's keys in a hash such as "#fgsm&p.fgsm.tag=fgsm". */
export function parseHash(hash: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key = "", value = ""] = splitOnce(part);
    if (!key.startsWith(PREFIX)) continue;
    try {
      values.set(key.slice(PREFIX.length), decodeURIComponent(value));
    } catch {
      // A stray % typed by hand: as if the key were not there.
    }
  }
  return values;
}

/** A hash with this plugin's keys replaced by these. */
export function mergeHash(hash: string, values: ReadonlyMap<string, string>): string {
  const others = hash.replace(/^#/, "").split("&");
  const kept = others.filter((part) => part && !splitOnce(part)[0].startsWith(PREFIX));
  const ours = [...values].map(([key, value]) => `${PREFIX}${key}=${encodeURIComponent(value)}`);
  return `#${[...kept, ...ours].join("&")}`;
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf("=");
  return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
}

function parentDocument(): Document | null {
  try {
    return window.parent === window ? null : window.parent.document;
  } catch {
    return null;
  }
}
