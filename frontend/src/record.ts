// Made by `npm run types` from the JSON Schema of a record; do not edit.

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
}
/**
 * How the adversarial examples were made.
 */
export interface Attack {
  name: string;
  loss: string;
  quantize: boolean;
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
 * One sample whose two pictures, original and direction, are stored with the record.
 */
export interface Sample {
  index: number;
  label: number;
  clean: Prediction;
  noise: Prediction;
  adversarial: Prediction[];
  /**
   * @minItems 2
   * @maxItems 2
   */
  checksums: [number, number];
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
