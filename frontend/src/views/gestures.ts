interface Point {
  readonly x: number;
  readonly y: number;
}

/** What pointers do to what lies under them; points are in CSS pixels of the element pressed. */
export interface Moves {
  readonly pan: (by: Point) => void;
  readonly zoom: (by: number, about: Point) => void;
  /** A pointer is there, pressed or not; null once none is. */
  readonly point: (at: Point | null) => void;
}

/** From a notch of a wheel, or a finger's breadth on a pad, to a factor. */
const WHEEL = 0.002;
const MOST = 1.5;

/** Drag, pinch and wheel over one or more elements that show the same. */
export class Gestures {
  readonly #moves: Moves;
  readonly #pointers = new Map<number, Point>();

  constructor(moves: Moves) {
    this.#moves = moves;
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, pointOf(event));
    this.#moves.point(pointOf(event));
  };

  readonly move = (event: PointerEvent): void => {
    const now = pointOf(event);
    const before = this.#pointers.get(event.pointerId);
    if (before) {
      const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId);
      this.#pointers.set(event.pointerId, now);
      if (other) this.#pinch(before, now, other[1]);
      else this.#moves.pan({ x: now.x - before.x, y: now.y - before.y });
    }
    this.#moves.point(now);
  };

  /** For `lostpointercapture`, which a cancelled pointer has, too. */
  readonly up = ({ pointerId }: PointerEvent): void => {
    this.#pointers.delete(pointerId);
  };

  readonly leave = (): void => this.#moves.point(null);

  readonly wheel = {
    handleEvent: (event: WheelEvent): void => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      // A pinch on a pad comes as a wheel with Ctrl, in smaller steps.
      const power = -event.deltaY * lines * WHEEL * (event.ctrlKey ? 5 : 1);
      const by = Math.min(MOST, Math.max(1 / MOST, Math.exp(power)));
      this.#moves.zoom(by, pointOf(event));
    },
    // The page below must not scroll.
    passive: false,
  };

  #pinch(before: Point, now: Point, other: Point): void {
    const apart = ({ x, y }: Point) => Math.max(1, Math.hypot(x - other.x, y - other.y));
    const about = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.#moves.zoom(apart(now) / apart(before), about);
    this.#moves.pan({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
  }
}

function pointOf({ currentTarget, clientX, clientY }: MouseEvent): Point {
  const { left, top } = (currentTarget as Element).getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}
