/** Starts the worker that decodes pictures; null where none can be had. */
export function startWorker(): Worker | null {
  try {
    // A file beside this one: TensorBoard's page allows no worker made of text.
    return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
}
