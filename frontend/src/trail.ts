// The reader's way through the selections, in the browser's history: which changes are a step that
// Back undoes, and when the address is written.

import { onAddress, readAddress, writeAddress } from "./host";
import { fromAddress, toAddress } from "./model/address";
import { type Selection, UNSELECTED } from "./model/selection";

/** How long an address waits to be written: of a drag it is the last that counts. */
const DELAY = 250;

/** At most so many steps in half a minute: of many more writes the browser loses some. */
const MOST = 60;
const HALF_A_MINUTE = 30_000;

export class Trail {
  #timer = 0;
  /** What waits to be written into the present entry. */
  #waiting: Selection | null = null;
  #held = false;
  /** When the latest steps were made. */
  #steps: readonly number[] = [];

  /** @param followed is called with what the address says after it was changed by others. */
  constructor(followed: (selection: Selection) => void) {
    onAddress(() => {
      this.#forget();
      followed(this.read());
    });
  }

  read(): Selection {
    return fromAddress(readAddress());
  }

  /** Writes a selection in place of the one in the address, once nothing has changed for a while. */
  change(now: Selection): void {
    this.#forget();
    this.#waiting = now;
    this.#wait();
  }

  /** What plays or is dragged is written once it stands. */
  hold(held: boolean): void {
    this.#held = held;
    clearTimeout(this.#timer);
    this.#wait();
  }

  #wait(): void {
    if (this.#waiting && !this.#held) this.#timer = window.setTimeout(() => this.flush(), DELAY);
  }

  /** Writes a selection as a step from another, to which Back returns. */
  step(before: Selection, now: Selection): void {
    const recent = this.#steps.filter((time) => time > Date.now() - HALF_A_MINUTE);
    if (recent.length >= MOST) {
      this.change(now);
      return;
    }
    this.#steps = [...recent, Date.now()];
    this.#forget();
    writeAddress(named(before), "present");
    writeAddress(named(now), "new");
  }

  /** Writes what waits. */
  flush(): void {
    const now = this.#waiting;
    this.#forget();
    if (now) writeAddress(named(now), "present");
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
  }
}

/**
 * What the address says, also where nothing but the usual is selected: one that says nothing of us may
 * be another tab's, and is not followed.
 */
function named(selection: Selection): Map<string, string> {
  const values = toAddress(selection);
  return values.size > 0 ? values : new Map([["panel", UNSELECTED.panel]]);
}
