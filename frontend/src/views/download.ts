import type { Words } from "../i18n/words";
import type { Failure } from "../model/run";
import type { Store } from "../store";

/** What makes files: loaded when the first is asked for. */
export function exports(): Promise<typeof import("./exports")> {
  return import("./exports").catch(() => {
    throw { status: 0, message: "" } satisfies Failure;
  });
}

/** What to tell the reader where a file could not be made. */
export function refusal(error: unknown, store: Store, words: Words): string {
  const { status } = error as Partial<Failure>;
  return status === undefined ? words.notSaved : store.voice.sentence(error as Failure);
}

/** Has the browser save a file. */
export function download(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
