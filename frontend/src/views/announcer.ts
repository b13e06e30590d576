import type { ReactiveControllerHost } from "lit";

/** How long nothing must have changed for a listener to be told, in milliseconds. */
const QUIET = 700;

/** What a screen reader is told of numbers that move: only once they stand still. */
export class Announcer {
  /** What is to stand in the element that is read aloud. */
  told = "";

  readonly #host: ReactiveControllerHost;
  #last = "";
  #timer = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController({ hostDisconnected: () => clearTimeout(this.#timer) });
  }

  /** For each update: what the numbers say now. */
  hear(now: string): void {
    if (now === this.#last) return;
    // What one sees when the page opens is no news.
    const first = this.#last === "";
    this.#last = now;
    if (first) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.told = this.#last;
      this.#host.requestUpdate();
    }, QUIET);
  }
}
