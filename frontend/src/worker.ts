// The worker: decodes what it is sent, one sample after another.

import { decodePair } from "./decode";
import type { Answer, Question } from "./decoder";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage: (answer: Answer, transfer: Transferable[]) => void;
};

scope.onmessage = async ({ data }) => {
  const pair = await decodePair(data);
  scope.postMessage({ id: data.id, pair }, typeof pair === "string" ? [] : [pair.buffer]);
};
