// The words of what one does with any view: start anew, hand it on, take it along, find a class.

function plural(number: string, noun: string, many = `${noun}s`): string {
  return number === "1" ? noun : many;
}

export const englishHabits = {
  resetView: "Reset view",
  resetViewHint: "Everything as it was at first, but for runs and tag",
  viewReset: "The view was reset",
  copyLink: "Copy link",
  copyLinkHint: "The address of what is shown here, to hand on",
  linkCopied: "Link copied",
  linkHere: "Link to this view, to be copied",

  reverseOrder: "Reverse order",

  classesOf: (kind: string) => `${kind}: classes to choose from`,
  clearClass: (kind: string) => `Clear: ${kind}`,
  classHint: "Type a name or a number",
  classesFound: (count: string) => `${count} ${plural(count, "class", "classes")}`,
  noSuchClass: "No class has this in its name or number",
  moreClasses: (count: string) => `${count} more: type to narrow them down`,

  flipsRange: "Flips between",
  flipsFrom: "Flips from this ε on",
  flipsTo: "Flips up to this ε",
  flipsAny: "any ε",
  clearFlips: "Clear: flips between",

  saveAs: "Save",
  saveCurve: "Accuracy by epsilon (CSV)",
  saveClasses: "Classes at this ε (CSV)",
  saveTraining: "Accuracy by step (CSV)",
  saveTransfers: "Transfer between models (CSV)",
  saveClimb: "Loss along the attack's steps (CSV)",
  savingWaits: "Not all steps are loaded yet",
  saved: (name: string) => `Saved ${name}`,
};
