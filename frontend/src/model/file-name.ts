// The names of the files that the page saves: they tell of what a file is when it lies among others in
// a folder. Pure functions.

import { per255 } from "./format";

/** What is saved. */
export interface Saved {
  /** Which picture or the like it is, in a word. */
  readonly what: string;
  readonly run: string;
  readonly tag: string;
  readonly step: number;
  /** The sample's number, where it is of one sample. */
  readonly sample?: number;
  /** The epsilon, where it is of one epsilon. */
  readonly epsilon?: number;
}

/** How many letters of a run's or tag's name are kept: even in Hangul a file system has room. */
const MOST = 32;

/** A file's name after run, tag, step, sample and epsilon, such as
 * "nets-standard_fgsm_step-50_sample-7_epsilon-4-of-255_noise.png".
 *
 * @param ending the kind of file, such as "png"
 */
export function fileName({ what, run, tag, step, sample, epsilon }: Saved, ending: string): string {
  const parts = [
    plain(run),
    plain(tag),
    `step-${step}`,
    sample === undefined ? "" : `sample-${sample}`,
    epsilon === undefined ? "" : `epsilon-${per255(epsilon)}-of-255`,
    plain(what),
  ];
  return `${parts.filter((part) => part !== "").join("_")}.${ending}`;
}

/** A name of letters, digits and few signs: any file system and any shell takes it as it is. */
function plain(name: string): string {
  const safe = [...name.normalize("NFC").replace(/[^\p{L}\p{N}.=+-]+/gu, "-")];
  // The end is where names differ most.
  return safe
    .slice(-MOST)
    .join("")
    .replace(/^[-.]+|[-.]+$/g, "");
}
