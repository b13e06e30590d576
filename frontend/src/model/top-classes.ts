// The classes that the model named of one sample, over the epsilons: each prediction holds the most
// probable ones, so that a class that is no longer among them has no point there. Pure functions.

import type { Prediction, Record, Sample } from "./record";

export interface ClassCurve {
  readonly label: number;
  /** Its probability at each of the epsilons; null where it is not known. */
  readonly shares: readonly (number | null)[];
}

export interface TopClasses {
  /** 0, where the original stands, and each logged epsilon. */
  readonly epsilons: readonly number[];
  /** The predictions at these. */
  readonly predictions: readonly Prediction[];
  /** The true class. */
  readonly own: ClassCurve;
  /** The other classes: the target, then those that come nearest to certainty. */
  readonly others: readonly ClassCurve[];
}

/** @param most how many other classes there are at most */
export function topClasses(
  { epsilons }: Pick<Record, "epsilons">,
  sample: Sample,
  most: number,
): TopClasses {
  // An epsilon of 0 that was logged is the original.
  const logged = [...epsilons.keys()].filter((i) => (epsilons[i] ?? 0) > 0);
  const predictions = [sample.clean, ...logged.map((i) => sample.adversarial[i] ?? sample.clean)];
  const { label, target } = sample;
  const named = new Set(predictions.flatMap(({ classes }) => classes));
  named.delete(label);
  const curve = (label: number): ClassCurve => ({
    label,
    shares: predictions.map(({ classes, probabilities }) => {
      const place = classes.indexOf(label);
      return place < 0 ? null : (probabilities[place] ?? null);
    }),
  });
  const rank = ({ label, shares }: ClassCurve) =>
    label === target ? 2 : Math.max(...shares.map((share) => share ?? 0));
  return {
    epsilons: [0, ...logged.map((i) => epsilons[i] as number)],
    predictions,
    // Of the true class the probability is known wherever it stands.
    own: { label, shares: predictions.map(({ label_probability }) => label_probability) },
    others: [...named]
      .map(curve)
      .sort((a, b) => rank(b) - rank(a))
      .slice(0, most),
  };
}

/** The stretches of a curve along which it is known: the places of their points. */
export function known(shares: readonly (number | null)[]): number[][] {
  const stretches: number[][] = [];
  for (const [place, share] of shares.entries()) {
    if (share === null) continue;
    const last = stretches.at(-1);
    if (last?.at(-1) === place - 1) last.push(place);
    else stretches.push([place]);
  }
  return stretches;
}
