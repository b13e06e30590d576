// The visible text of the close look at one sample, in English.

export const englishSample = {
  openSample: (number: string, label: string) => `Look closely at ${number}, ${label}`,
  previousSample: "Previous sample",
  nextSample: "Next sample",
  samplePlace: (place: string, all: string) => `${place} of ${all}`,
  sampleBeside: "not among the samples shown",
  sampleTold: (place: string, number: string, label: string, state: string) =>
    `${place}: ${number}, ${label}, ${state}`,
  noSample: (number: string) => `This step has no sample ${number} with pictures`,
  sampleWaits: "The sample is on its way",

  pictures: "Pictures",
  picturesHint:
    "Wheel, pinch, + and − zoom all pictures at once, 0 shows them whole; dragging and arrow keys move them; Shift and an arrow key go from pixel to pixel",
  sideBySide: "Side by side",
  swipe: "Swipe",
  middlePicture: "The picture in the middle",
  differenceClipped: "Difference",
  differenceClippedHint: "Adversarial less original, in levels, after clipping to 0…255",
  noiseGiven: (term: string) => `Noise ${term}`,
  blink: "Hold for original",
  blinkHint: "Shows the original in the adversarial picture's place for as long as it is held",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  zoomWhole: "Whole",
  zoomWholeHint: "Show the pictures whole",
  zoomTold: (times: string) => `${times} pixels a pixel`,
  divider: "Divider between original and adversarial",
  dividerTold: (share: string) => `original up to ${share}`,
  blackIs: "black",
  whiteIs: "white",
  levels: (count: string) => `${count} ${count === "1" ? "level" : "levels"}`,
  pixelAt: (x: string, y: string) => `Pixel ${x}, ${y}`,
  pixelTold: (at: string, original: string, adversarial: string, difference: string) =>
    `${at}: original ${original}, adversarial ${adversarial}, difference ${difference}`,
  noPixel: "Point at a picture for a pixel's levels",

  topClasses: "Most probable classes against ε",
  trueClassMark: "true class",
  targetMark: "target",
  below5: "not among the most probable",
  asTable: "All of them as a table",
  mostProbable: "Most probable",

  facts: "About this sample",
  sampleIndex: "Number",
  predictedClean: "Original is predicted as",
  predictedNow: "Adversarial is predicted as",
  predictedNoise: "Noise alone is predicted as",
  predictedControl: "Random noise is predicted as",
  target: "Target",
  flipEpsilon: "Flips at ε",
  never: "never",
  largestChange: "Largest change (L∞)",
  largestChangeTold: (levels: string, share: string) => `${levels} of 255 = ${share}`,
  euclidean: "Euclidean distance (L₂)",
  pixelsMoved: "Pixels changed",
  pixelsMovedTold: (moved: string, all: string, share: string) => `${moved} of ${all} (${share})`,
  pictureSize: "Picture",
  pictureSizeTold: (width: string, height: string, channels: string) =>
    `${width} × ${height}, ${channels} ${channels === "1" ? "channel" : "channels"}`,

  otherSteps: "At other steps",
  otherRuns: "In other runs",
  notLoggedThere: "not logged there",
  cannotBeRead: "cannot be read",
  goToRun: (run: string) => `Go to ${run}`,
  stateFlipped: "flipped",
  stateRight: "still right",
  stateWrong: "wrong without attack",

  saveAsPng: "Save as PNG",
  savePicture: (picture: string) => `Save as PNG: ${picture}`,
  figure: "Figure",
  figureHint: "The three pictures with their captions as one picture",
  figureNote: (attack: string, epsilon: string) => `${attack}, ε = ${epsilon}`,

  setEpsilon: (epsilon: string) => `Set ε to ${epsilon}`,
  sparkSlider: (label: string) => `Epsilon, on the curve of ${label}`,
};

/** What keys do in the grid and in the close look. */
export const englishSampleKeys: readonly (readonly [string, string])[] = [
  ["← → ↑ ↓", "on a card: to the next one"],
  ["Enter", "on a card: look at it closely"],
  ["j k", "there: next and previous sample, as → and ←"],
  ["b", "there: held, shows the original in place of the adversarial picture"],
  ["+ − 0", "there: zoom in, out, whole"],
  ["Shift ← →", "there, on the pictures: from pixel to pixel"],
];
