import { nextTick } from "../model/axis";
import { firstEpsilon, firstStep, laterEpsilon, laterStep } from "../model/play";
import type { Store } from "../store";

/** What moves by itself. */
export type Played = "epsilon" | "step";

/** The least time between two steps, and between two epsilons where the reader wants little motion. */
const PACE = 500;
const CALM = 1000;

/** In a frame that came late, epsilon does not jump. */
const MOST = 100;

/** Where a press or a key is the reader's own move. */
const LED = ["fgsm-epsilon", "fgsm-chart", "fgsm-training", "fgsm-steps"];

/**
 * Moves epsilon or step by itself, from when it is told to until the end, until it is told again, or
 * until the reader moves either. Steps wait for their data.
 */
export class Player extends EventTarget {
  playing: Played | null = null;

  readonly #store: Store;
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #frame = 0;
  /** When it moved last. */
  #moved = 0;
  /** For how many frames nothing was on its way: what has come may ask for more in the next. */
  #idle = 0;
  /** Where it moved to: what is elsewhere was moved by somebody else. */
  #at: number | null = null;

  constructor(store: Store) {
    super();
    this.#store = store;
  }

  /** Begins, or stops where it moves already. */
  toggle(what: Played): void {
    const stopped = this.playing === what;
    this.stop();
    if (!stopped) this.#start(what);
  }

  stop(): void {
    if (!this.playing) return;
    cancelAnimationFrame(this.#frame);
    window.removeEventListener("keydown", this.#interrupt, true);
    window.removeEventListener("pointerdown", this.#interrupt, true);
    this.playing = null;
    this.#store.hold(false);
    this.dispatchEvent(new Event("change"));
  }

  #start(what: Played): void {
    const { axis, epsilon, steps, step } = this.#store.view;
    const first = what === "epsilon" ? firstEpsilon(axis, epsilon) : firstStep(steps, step);
    if (first === null) return;
    this.playing = what;
    this.#store.hold(true);
    // Before those whose events these are: one who takes hold of the slider holds it afterwards.
    window.addEventListener("keydown", this.#interrupt, true);
    window.addEventListener("pointerdown", this.#interrupt, true);
    this.#moved = performance.now();
    this.#move(first);
    this.#frame = requestAnimationFrame(this.#tick);
    this.dispatchEvent(new Event("change"));
  }

  #move(to: number): void {
    this.#at = to;
    if (this.playing === "epsilon") this.#store.select({ epsilon: to });
    else this.#store.select({ step: to });
  }

  readonly #tick = (now: number): void => {
    const { view } = this.#store;
    const at = this.playing === "epsilon" ? view.epsilon : view.step;
    if (at === null || at !== this.#at) {
      this.stop();
      return;
    }
    this.#idle = this.#store.idle ? this.#idle + 1 : 0;
    const next = this.#next(at, now - this.#moved);
    if (next !== at) {
      this.#moved = now;
      if (next !== null) this.#move(next);
      if (next === null || this.#ends(next)) {
        this.stop();
        return;
      }
    }
    this.#frame = requestAnimationFrame(this.#tick);
  };

  /** Where it is some milliseconds after it moved last; null where there is nowhere to go. */
  #next(at: number, elapsed: number): number | null {
    const { axis, steps } = this.#store.view;
    if (this.playing === "step") {
      return elapsed < PACE || this.#idle < 2 ? at : laterStep(steps, at);
    }
    if (!this.#still.matches) return laterEpsilon(axis, at, Math.min(MOST, elapsed));
    return elapsed < CALM ? at : nextTick(axis, at, 1);
  }

  #ends(at: number): boolean {
    const { axis, steps } = this.#store.view;
    return this.playing === "epsilon" ? at >= axis.max : at === steps.at(-1);
  }

  readonly #interrupt = (event: Event): void => {
    const path = event.composedPath().map((each) => (each as Partial<Element>).localName ?? "");
    const led = path.some((name) => LED.includes(name)) && !path.includes("fgsm-play");
    if (event instanceof KeyboardEvent) {
      const passing = ["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key);
      if (event.key === "Escape" || (led && !passing)) this.stop();
    } else if (led) {
      this.stop();
    }
  };
}

const players = new WeakMap<Store, Player>();

/** The one player of a dashboard: its buttons are several. */
export function playerOf(store: Store): Player {
  const player = players.get(store) ?? new Player(store);
  players.set(store, player);
  return player;
}
