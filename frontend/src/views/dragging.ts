import type { DashboardElement } from "./element";

/** Has a pressed pointer lead something; until it lets go, the store knows epsilon as held. */
export class Dragging {
  readonly #element: DashboardElement;
  readonly #lead: (event: PointerEvent) => void;

  /** @param lead is called when a pointer is pressed, and whenever it moves. */
  constructor(element: DashboardElement, lead: (event: PointerEvent) => void) {
    this.#element = element;
    this.#lead = lead;
    element.addController({ hostDisconnected: this.release });
  }

  /** Begins with a pointer that was pressed; from now on its events go to `target`. */
  grab(event: PointerEvent, target: Element): void {
    target.setPointerCapture(event.pointerId);
    this.#element.store.hold(true);
    this.#lead(event);
  }

  /** For `pointermove`. */
  readonly follow = (event: PointerEvent): void => {
    if (event.buttons & 1) this.#lead(event);
  };

  /** For `lostpointercapture`. */
  readonly release = (): void => this.#element.store.hold(false);
}
