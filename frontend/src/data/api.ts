// The plugin's HTTP routes. All are GET and lie beside this script, wherever TensorBoard serves it:
// so they hold under --path_prefix, too, and whatever the document's base is.

import { bytesOf } from "../model/base64";
import type { Record } from "../model/record";
import type { Curve, Listing, Step, StepKey } from "../model/run";
import type { Opening } from "./opening";
import { type Bytes, RequestError, type Source } from "./source";

export async function fetchListing(): Promise<Listing> {
  return (await request("runs", {})).json();
}

/** What is looked at first, in one answer; what is null is for the server to choose. */
export async function fetchOpening(
  chosen: {
    readonly [name in keyof StepKey]: StepKey[name] | null;
  },
): Promise<Opening> {
  const { run, tag, step } = chosen;
  const parameters: Parameters = {};
  if (run !== null) parameters["run"] = run;
  if (tag !== null) parameters["tag"] = tag;
  // Before and between the steps the address may say what is none.
  if (step !== null) parameters["step"] = Math.floor(Math.min(Math.max(step, 0), NEWEST));
  const text = await (await request("opening", parameters)).text();
  const { pictures, ...others } = JSON.parse(text);
  return { ...others, size: text.length, pictures: pictures?.map(bytesOf) };
}

async function fetchSteps(run: string, tag: string): Promise<Step[]> {
  const answer: { steps: Step[] } = await (await request("steps", { run, tag })).json();
  return answer.steps;
}

async function fetchRecord(key: StepKey): Promise<{ record: Record; size: number }> {
  const text = await (await request("record", { ...key })).text();
  return { record: JSON.parse(text), size: text.length };
}

async function fetchCurves(
  run: string,
  tag: string,
  steps: readonly number[],
): Promise<(Curve | (Step & { readonly error: string }))[]> {
  const answer = await request("curves", { run, tag, steps: steps.join(",") });
  return (await answer.json()).curves;
}

export async function fetchPictures(
  key: StepKey,
  samples: readonly number[],
  each: number,
  signal: AbortSignal,
): Promise<Bytes[][]> {
  const answer = await request("pictures", { ...key, samples: ranges(samples), each }, signal);
  const blobs = split(new Uint8Array(await answer.arrayBuffer()));
  return samples.map((_, i) =>
    Array.from({ length: each }, (_, kind) => blobs[each * i + kind] ?? NOTHING),
  );
}

function pngAddress(key: StepKey, sample: number, epsilon: number): string {
  return address("picture", { ...key, sample, kind: "adversarial", epsilon, format: "png" });
}

export const routes: Source = {
  listing: fetchListing,
  steps: fetchSteps,
  record: fetchRecord,
  curves: fetchCurves,
  pictures: fetchPictures,
  pngAddress,
};

/** What stands for a picture that an answer cut short does not hold. */
const NOTHING: Bytes = new Uint8Array();

/** Whole numbers as the route reads them: 0,1,2,5 is "0-2,5". */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && last[1] + 1 === number) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** Cuts an answer into its blobs, each behind its length as a little-endian uint32. */
export function split(answer: Bytes): Bytes[] {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  const blobs: Bytes[] = [];
  for (let at = 0; at + 4 <= answer.length; ) {
    const length = view.getUint32(at, true);
    blobs.push(answer.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blobs;
}

/** No step is later. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** The status that says "too much at once: come again", and how often one does. */
const BUSY = 429;
const PATIENCE = 5;

type Parameters = { [name: string]: string | number };

function address(route: string, parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
  return new URL(`${route}?${query}`, import.meta.url).href;
}

async function request(
  route: string,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Response> {
  let answer = await asked(route, parameters, signal);
  for (let time = 0; answer.status === BUSY && time < PATIENCE; time++) {
    await pause(Number(answer.headers.get("retry-after")) || 1, signal);
    answer = await asked(route, parameters, signal);
  }
  if (answer.ok) return answer;
  // The plugin's own errors are one sentence of plain text; anything else is not for reading.
  const plain = answer.headers.get("content-type")?.startsWith("text/plain");
  throw new RequestError(answer.status, plain && answer.status < 500 ? await answer.text() : "");
}

async function asked(
  route: string,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(address(route, parameters), signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError(0, "");
  }
}

/** Waits for so many seconds, unless what is waited for is no longer wanted. */
async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
