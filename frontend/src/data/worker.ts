// The worker: decodes what it is sent, one sample after another.

import type { Answer, Question } from "./decoder";
import { decodePair, type Pair } from "./webp";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage: (answer: Answer, transfer: ArrayBufferLike[]) => void;
};

scope.onmessage = async ({ data }) => {
  const pair = await decodePair(data);
  scope.postMessage({ id: data.id, pair }, buffers(pair));
};

/** What is handed over and not copied. */
function buffers(pair: Pair): ArrayBufferLike[] {
  if (typeof pair === "string") return [];
  if (ArrayBuffer.isView(pair)) return [pair.buffer];
  return [pair.original, ...pair.adversarial].map((levels) => levels.buffer);
}
