// What a page carries that stands alone, written by tensorboard-fgsm export: a list of the steps, and
// for each its record and its stored pictures, each in an element of its own that is read when it is
// asked for.

import { bytesOf } from "../model/base64";
import type { Record } from "../model/record";
import { accuraciesOf, type StepKey } from "../model/run";
import { RequestError, type Source } from "./source";

/** A step that is carried. */
interface Carried extends StepKey {
  readonly wall_time: number;
  /** Names its elements. */
  readonly place: number;
}

/** The elements of the page, by their names. */
interface Page {
  getElementById(id: string): { readonly textContent: string | null } | null;
}

export function carried(page: Page): Source {
  const text = (id: string) => page.getElementById(`fgsm-${id}`)?.textContent ?? "";
  const all: readonly Carried[] = JSON.parse(text("steps"));

  /** The pictures of the last step asked for, as base64. */
  let pictures = { place: -1, texts: [] as readonly string[] };

  const find = (key: StepKey): Carried => {
    const { run, tag, step } = key;
    const found = all.find((s) => s.run === run && s.tag === tag && s.step === step);
    if (!found) throw new RequestError(404, `run ${run}, tag ${tag}: step ${step} is not here`);
    return found;
  };
  const record = async (key: StepKey) => {
    const json = text(`record-${find(key).place}`);
    return { record: JSON.parse(json) as Record, size: json.length };
  };

  return {
    record,
    pngAddress: () => null,

    listing: async () => {
      const tags = new Map<string, Set<string>>();
      for (const { run, tag } of all) tags.set(run, (tags.get(run) ?? new Set()).add(tag));
      return { kept: 0, runs: [...tags].map(([run, own]) => ({ run, tags: [...own].sort() })) };
    },

    steps: async (run, tag) =>
      all
        .filter((s) => s.run === run && s.tag === tag)
        .map(({ step, wall_time }) => ({ step, wall_time })),

    curves: (run, tag, steps) =>
      Promise.all(
        steps.map(async (step) => {
          const key = { run, tag, step };
          const { wall_time } = find(key);
          return { step, wall_time, ...accuraciesOf((await record(key)).record) };
        }),
      ),

    pictures: async (key, samples, each) => {
      const { place } = find(key);
      if (pictures.place !== place) {
        pictures = { place, texts: text(`pictures-${place}`).split(" ") };
      }
      const { texts } = pictures;
      return samples.map((sample) =>
        Array.from({ length: each }, (_, kind) => bytesOf(texts[each * sample + kind] ?? "")),
      );
    },
  };
}
