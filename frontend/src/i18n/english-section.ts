// The visible text of the cross-section through a sample, in English.

export const englishSection = {
  section: "Cross-section",
  sectionTitle: "Cross-section through the sample",
  sectionBegins: (direction: string, epsilon: string) =>
    `Along ${direction}, the first cell of another class is at ${epsilon}.`,
  sectionStays: (direction: string, epsilon: string) =>
    `Along ${direction}, all cells up to ${epsilon} are of the same class.`,
  sectionGradient: "FGSM's direction",
  sectionRandom: "the random direction",
  sectionCell: (along: string, across: string, label: string, share: string) =>
    `${along} along FGSM's direction, ${across} across: ${label} ${share}`,
  sectionOriginal: (label: string, share: string) => `The original: ${label} ${share}`,
  sectionAlongAxis: "FGSM's direction",
  sectionAcrossAxis: "random direction",
  sectionHint:
    "What the model says around the sample: from left to right along FGSM's direction, upwards along a random one orthogonal to it, with the original in the middle. The fainter, the less sure it is. Rings are the logged ε, the dot is ε now.",
  sectionSource: "Warde-Farley and Goodfellow 2016",
  sectionKeys: "arrow keys go from cell to cell, Home goes back to the original",
  sectionClasses: "Classes in the square, by area",
  sectionOthers: (count: string) => `${count} other ${count === "1" ? "class" : "classes"}`,
  sectionDamaged: "The picture of the cross-section is damaged.",
};
