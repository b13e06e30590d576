// Which element shows which place of a long list, of which few are in the document.

/**
 * Lends elements to places. A place keeps its element for as long as it is shown, so that who has the
 * focus keeps it; one that is shown no longer hands its element on, with its canvases.
 */
export class Slots {
  #of = new Map<number, number>();
  #made = 0;
  readonly #free: number[] = [];

  /** Shows these places, and no others. */
  show(places: readonly number[]): void {
    const shown = new Set(places);
    const gone = [...this.#of.keys()].filter((place) => !shown.has(place)).sort((a, b) => a - b);
    for (const place of gone) {
      this.#free.push(this.slot(place));
      this.#of.delete(place);
    }
    // The first to go becomes the last to come: so Lit has only these to move, and not the others
    // past them, one of which may have the focus.
    for (const place of [...places].reverse()) {
      if (!this.#of.has(place)) this.#of.set(place, this.#free.shift() ?? this.#made++);
    }
  }

  /** The element of a place that is shown. */
  slot(place: number): number {
    return this.#of.get(place) ?? -1;
  }

  /** Begins anew: as many elements as places are shown. */
  clear(): void {
    this.#of.clear();
    this.#free.length = 0;
    this.#made = 0;
  }
}
