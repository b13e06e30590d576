// The worker: decodes what it is sent, one sample after another.

import type { Decoded } from "../model/examples";
import { decodeStored, type Stored } from "./webp";

/** What the worker is sent, and what it sends back: one answer a question. */
export interface Question extends Stored {
  readonly id: number;
}
export interface Answer {
  readonly id: number;
  readonly decoded: Decoded;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage: (answer: Answer, transfer: ArrayBufferLike[]) => void;
};

scope.onmessage = async ({ data }) => {
  const decoded = await decodeStored(data);
  scope.postMessage({ id: data.id, decoded }, buffers(decoded));
};

/** What is handed over and not copied. */
function buffers(decoded: Decoded): ArrayBufferLike[] {
  if (typeof decoded === "string") return [];
  if (ArrayBuffer.isView(decoded)) return [decoded.buffer];
  return [decoded.original, ...decoded.adversarial].map((levels) => levels.buffer);
}
