// Made by `npm run types` from the JSON Schema of a record; do not edit.

/**
 * Samples of one true class of which the model says one other class: ``[predicted, count]``.
 *
 * @minItems 2
 */
export type Became = [number, number];

/**
 * All that one step says, but for the pictures.
 */
export interface Record {
  version: number;
  attack: Attack;
  /**
   * @minItems 1
   */
  epsilons: [number, ...number[]];
  count: number;
  clean_accuracy: number;
  robust_accuracy: number[];
  gradient: Gradient;
  picture: Picture;
  class_count: number;
  class_names: string[] | null;
  logged: number;
  samples: Sample[];
  pictures?: "direction" | "each";
  control_accuracy?: number[] | null;
  reference_accuracy?: number[] | null;
  success_rate?: number[] | null;
  alignment?: (number | null)[] | null;
  check?: Check | null;
  warnings?: Caveat[];
  classes?: ClassCounts[];
  chosen?: "first" | "flipped-first" | "indices";
  per_class?: boolean;
  anew?: boolean;
  climb?: Climb | null;
  embedding?: Embedding | null;
  transfers?: Transfers | null;
}
/**
 * How the adversarial examples were made.
 */
export interface Attack {
  name: string;
  loss: string;
  quantize: boolean;
  target?: ("class" | "labels" | "least-likely") | null;
  surrogate?: string | null;
  refine?: number;
  own_labels?: boolean;
  one_logit?: boolean;
  settings?: {
    [k: string]: string | number | boolean;
  };
}
/**
 * How much of the gradient gave no direction, over the whole batch.
 */
export interface Gradient {
  elements: number;
  zero: number;
  nonfinite: number;
}
/**
 * The size of the inputs. Stored pictures are grey for one or two channels (the first is
 *     shown) and RGB for three or more (the first three are shown).
 */
export interface Picture {
  height: number;
  width: number;
  channels: number;
}
/**
 * One sample whose pictures are stored with the record.
 */
export interface Sample {
  index: number;
  label: number;
  clean: Prediction;
  noise: Prediction | null;
  adversarial: Prediction[];
  /**
   * @minItems 2
   */
  checksums: [number, number, ...number[]];
  control?: Prediction[];
  flip_epsilon?: number | null;
  climb?: [number, number, number, ...number[]][];
  target?: number | null;
  section?: CrossSection | null;
}
/**
 * What the model says of one picture: its most probable classes and how sure it is of them.
 */
export interface Prediction {
  /**
   * @minItems 1
   */
  classes: [number, ...number[]];
  probabilities: number[];
  label_probability: number;
}
/**
 * The predicted class and its probability over a square through a sample.
 */
export interface CrossSection {
  side: number;
  /**
   * @minItems 1
   * @maxItems 16641
   */
  classes: [number, ...number[]];
  picture: string;
}
/**
 * What a stronger attack left of a few samples.
 */
export interface Check {
  name: string;
  count: number;
  right: number[];
  held: number[];
  settings?: {
    [k: string]: string | number | boolean;
  };
}
/**
 * Something that may be wrong with the numbers.
 */
export interface Caveat {
  code: string;
  sentence: string;
  source: string;
}
/**
 * All samples of one true class, those without pictures too.
 */
export interface ClassCounts {
  label: number;
  count: number;
  clean: Outcome;
  adversarial: Outcome[];
}
/**
 * What the model says of all samples of one true class, clean or at one epsilon.
 */
export interface Outcome {
  correct: number;
  became: Became[];
}
/**
 * Over all samples: a row a logged epsilon, with a number for the attack's start and one for
 *     after each of its steps.
 */
export interface Climb {
  losses: [number, number, number, ...number[]][];
  right: number[][];
  held: number[];
  fell: number[];
  passed: number[];
}
/**
 * Samples as points in the plane of the two principal components of the model's features.
 */
export interface Embedding {
  fit: string;
  fitted: number;
  layer: string;
  features: number;
  /**
   * @minItems 2
   * @maxItems 2
   */
  explained: [number, number];
  /**
   * @minItems 4
   * @maxItems 4
   */
  box: [number, number, number, number];
  /**
   * @minItems 1
   * @maxItems 5000
   */
  indices: [number, ...number[]];
  labels: number[];
  flip_epsilons: (number | null)[];
  positions: string;
}
/**
 * How often the examples made on one model fool another, of M attacked on the same samples.
 *
 *     A model is fooled by an example of which it says another class than the true one, where it is
 *     right on the original. One and the same in the records of all of them.
 */
export interface Transfers {
  /**
   * @minItems 2
   * @maxItems 64
   */
  models: [string, string, ...string[]];
  own: number;
  right: number[];
  fooled: number[][][];
}
