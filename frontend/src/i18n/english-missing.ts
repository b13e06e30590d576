// The words where there is nothing to show: no data yet, no answer, an error.

export const englishMissing = {
  emptyTitle: "No adversarial examples yet",
  emptyText:
    "No run in this log directory has logged any. This is how a training script does it; the tab fills by itself when the first step is written.",
  copy: "Copy",
  copied: "Copied",
  unreachable: "TensorBoard does not answer. Is it still running?",
  serverError: (status: number) => `TensorBoard answered with error ${status}; its log says why.`,
  retry: "Try again",
  failed: "The dashboard has hit an error of its own",
};
