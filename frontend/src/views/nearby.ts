/** Keeps account of which of the watched elements are in the viewport or near it. */
export class Nearby<E extends Element> {
  readonly near = new Set<E>();

  readonly #distance: number;
  readonly #changed: (left: readonly E[]) => void;
  readonly #watched = new Set<E>();
  #observer: IntersectionObserver | null = null;

  /**
   * @param distance how far above or below the viewport is still near, in CSS pixels
   * @param changed is called with the elements that have left, after `near` has changed
   */
  constructor(distance: number, changed: (left: readonly E[]) => void) {
    this.#distance = distance;
    this.#changed = changed;
  }

  /** @param root the scrolling element; null for the page */
  start(root: Element | null): void {
    const rootMargin = `${this.#distance}px 0px`;
    this.#observer = new IntersectionObserver((entries) => this.#note(entries), {
      root,
      rootMargin,
    });
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#watched.clear();
    this.near.clear();
  }

  /** Watches these elements, and those of before no longer. */
  watch(elements: Iterable<E>): void {
    const wanted = new Set(elements);
    for (const element of this.#watched) {
      if (wanted.has(element)) continue;
      this.#observer?.unobserve(element);
      this.#watched.delete(element);
      this.near.delete(element);
    }
    for (const element of wanted) {
      if (this.#watched.has(element)) continue;
      this.#watched.add(element);
      this.#observer?.observe(element);
    }
  }

  #note(entries: readonly IntersectionObserverEntry[]): void {
    const left: E[] = [];
    for (const { target, isIntersecting } of entries) {
      const element = target as E;
      if (isIntersecting) this.near.add(element);
      else if (this.near.delete(element)) left.push(element);
    }
    this.#changed(left);
  }
}
