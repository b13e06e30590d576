// What is said in English where samples are compared, followed over the steps, and played.

/** "1 sample", "2 samples", with the number as format.ts writes it. */
function some(count: string, noun: string): string {
  return `${count} ${noun}${count === "1" ? "" : "s"}`;
}

export const englishCompare = {
  compareWith: "Compare with",
  againstRuns: "Drawn runs",
  againstStep: "Another step",
  againstTag: "Another tag",
  stepBeside: "The step beside",
  tagBeside: "The tag beside",
  onlySplit: "Only where they disagree",
  onlySplitHint: "Only the samples on which one is right and another is not at this ε",
  contestBoth: (epsilon: string, count: string) =>
    `At ${epsilon}, of the ${some(count, "sample")} that both have,`,
  contestAll: (epsilon: string, count: string) =>
    `At ${epsilon}, of the ${some(count, "sample")} that all have,`,
  contestBothClean: (count: string) =>
    `Without attack, of the ${some(count, "sample")} that both have,`,
  contestAllClean: (count: string) =>
    `Without attack, of the ${some(count, "sample")} that all have,`,
  contestRight: (name: string, right: string) => `${name} is right on ${right}`,
  contestAlso: (name: string, right: string) => `${name} on ${right}`,
  contestUnder: (tag: string, right: string) => `${right} hold under ${tag}`,
  contestAlsoUnder: (tag: string, right: string) => `${right} under ${tag}`,
  contestLead: (name: string, by: string, points: string) =>
    `${name} leads by ${by} (${some(points, "point")}).`,
  contestLevel: (name: string, other: string) => `${name} and ${other} are level.`,
  contestMore: (by: string, points: string) => `${by} more (${some(points, "point")}).`,
  contestFewer: (by: string, points: string) => `${by} fewer (${some(points, "point")}).`,
  contestSame: "as many.",
  contestSplit: (count: string) => `They disagree on ${count}.`,
  contestAgree: "They disagree on none.",
  contestFooled: (count: string, weak: string, strong: string) =>
    count === "1"
      ? `1 that holds under ${weak} falls to ${strong}.`
      : `${count} that hold under ${weak} fall to ${strong}.`,
  contestConverse: (count: string) => `${count === "0" ? "None" : count} the other way round.`,
  contestChecked: (left: string) => `A stronger attack leaves ${left}.`,
  contestLeft: (name: string, held: string, count: string) => `${name} ${held} of ${count}`,
  contestNone: "No sample is in all of these: each card shows who has it.",
  without: (count: string) => `${some(count, "sample")} without a partner`,
  withoutHint: "Samples are recognised by the pixels of their originals",
  nobodyElse:
    "No other of these has logged any of these samples. A sample is recognised by the pixels of its original: log the same pictures, not scaled or cropped anew, to compare them.",
  coming: (name: string) => `${name} is being loaded`,
  oneRun: "One run is drawn: draw a second one, or compare with another step or tag.",
  otherRunsLater: "The other drawn runs have no step this early.",
  drawToo: (run: string) => `Draw ${run} too`,
  oneStepOnly:
    "This run has logged one step under this tag. Compare with other runs, or come back when there are more.",
  sameStep: "This is the step that is shown. Choose another to compare it with.",
  oneTagOnly:
    "This run has logged under one tag. Log another attack under a second tag to compare, such as PGD beside FGSM.",
  beside: (label: string) => `${label}, side by side`,
  ofSide: (side: string, told: string) => `${side}: ${told}`,
  lacks: "not logged here",
  showRun: (run: string) => `Show the samples of ${run}`,
  goToStep: (step: string) => `Go to step ${step}`,
  showTag: (tag: string) => `Show the samples under ${tag}`,

  overSteps: (label: string) => `Adversarial pictures of ${label} by step`,
  lostBetween: (before: string, after: string) => `right at step ${before}, no longer at ${after}`,
  wonBetween: (before: string, after: string) => `not right at step ${before}, but at ${after}`,
  oneStepInTime:
    "This run has logged one step under this tag: over time has something to show from the second on.",

  playEpsilon: "Play over epsilon",
  playSteps: "Play over the steps",
  pause: "Pause",
};
