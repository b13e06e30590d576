// The visible text of the panel that shows where samples lie for the model, in English.

function plural(number: string, noun: string): string {
  return number === "1" ? noun : `${noun}s`;
}

export const englishEmbedding = {
  panelEmbedding: "Embedding",
  embeddingFlipped: (epsilon: string, flipped: string, count: string, wrong: string) =>
    `At ${epsilon}, ${flipped} of ${count} ${plural(count, "sample")} have flipped; ${wrong} were wrong without attack.`,
  embeddingClean: (count: string, wrong: string) =>
    `Without attack, ${wrong} of ${count} ${plural(count, "sample")} are wrong.`,
  embeddingFlippedOf: (
    label: string,
    epsilon: string,
    flipped: string,
    count: string,
    wrong: string,
  ) =>
    `At ${epsilon}, ${flipped} of ${count} ${plural(count, "sample")} of class "${label}" have flipped; ${wrong} were wrong without attack.`,
  embeddingCleanOf: (label: string, count: string, wrong: string) =>
    `Without attack, ${wrong} of ${count} ${plural(count, "sample")} of class "${label}" are wrong.`,
  embeddingMoved: (times: string) =>
    `In this plane, half of them have moved at least ${times} times as far as classes are apart.`,
  embeddingMovedHint:
    "How far classes are apart: from a class's centre to the nearest other one without attack, the median over all classes",
  embeddingPlane: (layer: string, features: string, share: string, step: string, fit: string) =>
    `Plane ${fit}: the first two principal components of the ${features} inputs of "${layer}", ${share} of their variance at step ${step}. Between two logged ε points move in a straight line.`,
  embeddingOtherPlane:
    "This is another plane than the one shown before: places cannot be compared.",
  embeddingComponent: (number: string, share: string) => `component ${number}: ${share}`,
  embeddingMap: "Samples as the model sees them",
  embeddingKeys:
    "arrow keys go from point to point, Page Up and Page Down from sample to sample, Enter looks closely",
  embeddingRight: "right",
  embeddingHasFlipped: "flipped",
  embeddingWrong: "wrong without attack",
  embeddingFlipsAt: (epsilon: string) => `flips at ${epsilon}`,
  embeddingHolds: "does not flip",
  embeddingOpen: "Enter or a click looks closely",
  embeddingNoPictures: "no pictures",
  embeddingClasses: "Classes: one to show alone",
  embeddingMore: (count: string) => `and ${count} more ${count === "1" ? "class" : "classes"}`,
  embeddingNone:
    "This step was logged without an embedding. FGSMLogger(…, embed=1000) logs where so many samples lie for the model.",
  embeddingNoClass: (label: string) => `None of the embedded samples is of class "${label}".`,
};
