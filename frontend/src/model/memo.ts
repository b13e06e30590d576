/** Keeps what was made last for as long as what it is made of stays the same. */
export class Memo<T> {
  #made: { readonly of: readonly unknown[]; readonly value: T } | null = null;

  get(of: readonly unknown[], make: () => T): T {
    if (!this.#made || !same(this.#made.of, of)) this.#made = { of, value: make() };
    return this.#made.value;
  }
}

/** Whether two lists hold the same things. */
export function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** A list of which each thing that is as before is the very one of before, so that views can tell. */
export function steady<T>(
  before: readonly T[],
  now: readonly T[],
  alike: (a: T, b: T) => boolean,
): readonly T[] {
  const kept = now.map((each, i) => {
    const old = before[i];
    return old !== undefined && alike(old, each) ? old : each;
  });
  return same(kept, before) ? before : kept;
}
