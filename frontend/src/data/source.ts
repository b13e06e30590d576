// Where the dashboard's data comes from, whatever that is: TensorBoard's routes (api.ts), or the page
// itself (carried.ts).

import type { Record } from "../model/record";
import type { Curve, Failure, Listing, Step, StepKey } from "../model/run";

/** The most samples whose pictures may be asked for at once. */
export const MOST_SAMPLES = 64;

/** The most steps whose curves may be asked for at once. */
export const MOST_STEPS = 64;

export type Bytes = Uint8Array<ArrayBuffer>;

/** What cannot be had is a RequestError. */
export interface Source {
  readonly listing: () => Promise<Listing>;

  readonly steps: (run: string, tag: string) => Promise<Step[]>;

  /** A step's record, and how many characters its JSON has (what it costs to keep). */
  readonly record: (key: StepKey) => Promise<{ record: Record; size: number }>;

  /** The curves of some steps, in the order asked for; a sentence for what cannot be read. */
  readonly curves: (
    run: string,
    tag: string,
    steps: readonly number[],
  ) => Promise<(Curve | (Step & { readonly error: string }))[]>;

  /** How many samples' pictures to ask for first, where the first few are here sooner than others. */
  readonly firstSamples?: number;

  /** The stored pictures of some samples, `each` of every one, in the order asked for. */
  readonly pictures: (
    key: StepKey,
    samples: readonly number[],
    each: number,
    signal: AbortSignal,
  ) => Promise<Bytes[][]>;

  /** The address of an adversarial picture as a PNG file, for a link; null where none has it. */
  readonly pngAddress: (key: StepKey, sample: number, epsilon: number) => string | null;
}

/** A request that got no answer (status 0), or an answer that is no success. */
export class RequestError extends Error implements Failure {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }

  /** What was thrown, as such an error: anything else got no answer. */
  static of(thrown: unknown): RequestError {
    return thrown instanceof RequestError ? thrown : new RequestError(0, String(thrown));
  }
}
