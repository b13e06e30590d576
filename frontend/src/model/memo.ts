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
