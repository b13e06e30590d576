// Which element shows which place of a long list, of which few are in the document.

/**
 * Lends elements to places. A place keeps its element for as long as it is shown, so that who has the
 * focus keeps it; one that is shown no longer hands its element on, with its canvases.
 */
export class Slots {
  #of = new Map<number, number>();
  #made = 0;
  readonly #free: number[] = [];
  /** The places as their elements follow each other in the document. */
  #lying: readonly number[] = [];

  /** Whether the elements follow each other as their places do. */
  get sorted(): boolean {
    return this.#lying.every((place, i) => i === 0 || place > (this.#lying[i - 1] as number));
  }

  /** Shows these places, increasing, and no others; returns them as their elements are to lie. */
  show(places: readonly number[]): readonly number[] {
    const shown = new Set(places);
    const gone = [...this.#of.keys()].filter((place) => !shown.has(place)).sort((a, b) => a - b);
    for (const place of gone) {
      this.#free.push(this.slot(place));
      this.#of.delete(place);
    }
    // The first to go becomes the last to come: so Lit has only these to move, and not the others
    // past them, one of which may have the focus.
    for (const place of [...places].reverse()) {
      if (!this.#of.has(place)) this.#lend(place);
    }
    this.#lying = places;
    return places;
  }

  /**
   * The same without moving an element: one that is shown no longer shows what has come where it lies.
   * A browser that moves an element styles and lays it out from scratch.
   */
  keep(places: readonly number[]): readonly number[] {
    const shown = new Set(places);
    const come = places.filter((place) => !this.#of.has(place));
    const lying: number[] = [];
    for (const old of this.#lying) {
      const place = shown.has(old) ? old : come.shift();
      if (place !== undefined) lying.push(place);
      if (place === old) continue;
      this.#free.unshift(this.slot(old));
      this.#of.delete(old);
      if (place !== undefined) this.#lend(place);
    }
    for (const place of come) this.#lend(place);
    this.#lying = [...lying, ...come];
    return this.#lying;
  }

  /**
   * Puts the places in order around one whose element is not moved: the others' are dealt anew. Returns
   * whether that changes anything.
   */
  settle(fixed: number): boolean {
    const before = this.#lying;
    const elements = before.map((place) => this.slot(place));
    const places = [...before].sort((a, b) => a - b);
    // Lit would move the first to the end: it becomes the last but one, and the last the next time.
    if (before[0] === fixed && places.at(-1) === fixed) places.push(...places.splice(-2).reverse());
    const past = before.indexOf(fixed) - places.indexOf(fixed);
    // From one end to the other, the outermost to the very end: so Lit has only these to move.
    const moved = elements.splice(past > 0 ? 0 : elements.length + past, Math.abs(past)).reverse();
    elements.splice(past > 0 ? elements.length : 0, 0, ...moved);
    for (const [i, place] of places.entries()) this.#of.set(place, elements[i] as number);
    this.#lying = places;
    return places.some((place, i) => place !== before[i]);
  }

  #lend(place: number): void {
    this.#of.set(place, this.#free.shift() ?? this.#made++);
  }

  /** The element of a place that is shown. */
  slot(place: number): number {
    return this.#of.get(place) ?? -1;
  }

  /** Begins anew: as many elements as places are shown. */
  clear(): void {
    this.#of.clear();
    this.#lying = [];
    this.#free.length = 0;
    this.#made = 0;
  }
}
