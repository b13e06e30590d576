// The visible text in English. Texts that hold numbers or names are functions.

import { englishCompare } from "./english-compare";
import { englishEmbedding } from "./english-embedding";
import { englishExports } from "./english-exports";
import { englishHabits } from "./english-habits";
import { englishMissing } from "./english-missing";
import { englishSample, englishSampleKeys } from "./english-sample";
import { englishSection } from "./english-section";

/** An English noun after a number, as format.ts writes it. */
function plural(number: string, noun: string, many = `${noun}s`): string {
  return number === "1" ? noun : many;
}

/** Of how many samples there are pictures. */
function pictured(shown: string, all: string): string {
  return `pictures of ${shown} of ${all} ${plural(all, "sample")}`;
}

/** The titles of the warnings, by their code in the record. */
const CAVEATS: { readonly [code: string]: string } = {
  probabilities: "Probabilities where logits are expected",
  "random-outputs": "Random outputs",
  "zero-samples": "Samples without a gradient",
  "zero-gradients": "Much of the gradient is zero",
  "nonfinite-gradients": "Gradients that are not finite",
  "same-samples": "The same samples in every process",
  "untrained-choice": "Samples chosen by an untrained model",
  "beyond-epsilon": "Further than epsilon",
  "rounded-away": "Attacks that rounding undoes",
  "weaker-than-fgsm": "Weaker than FGSM",
  "control-as-strong": "Random noise is as strong",
  rises: "Accuracy rises with epsilon",
  "holds-at-one": "Right where nothing can hold",
  "does-not-transfer": "Examples that hardly transfer",
  "stopped-early": "Stopped too early",
  "loss-falls": "Climbed past the top",
  "passed-by": "Passed by what it looks for",
  "coarse-precision": "Coarser predictions",
  "check-below": "A stronger attack leaves far less",
  "catastrophic-overfitting": "Catastrophic overfitting",
};

/** A text that may be in another language than the page: then with its name. */
export interface Told {
  readonly text: string;
  readonly lang: string | null;
}

export const english = {
  ...englishHabits,
  ...englishExports,
  ...englishEmbedding,
  language: "한국어",
  languageHint: "Show the dashboard in Korean",

  runs: "Runs",
  tag: "Tag",
  show: "Show",
  find: "Find",
  findHint: "Class or sample number",
  findKeys: "True or predicted class, or a sample's number. Press / to come here, Escape to clear",
  clearFilters: "Clear filters",
  trueClass: "True class",
  predictedClass: "Predicted class",
  sortBy: "Sort by",
  panel: "Runs and filters",
  close: "Close",
  filterRuns: "Filter runs",
  noSuchRun: "No run has this in its name",
  drawRun: (run: string) => `Draw ${run} in the chart`,
  otherTag: (tag: string) => `No data under this tag. Click to open ${tag}`,
  atStep: (step: string) => `step ${step}`,
  nearestStep: (step: string, wanted: string) =>
    `This run has no step ${wanted}: shown is step ${step}, the nearest earlier one`,

  damaged: "damaged",
  newer: "newer version",
  notLoaded: "not loaded",
  fromStep: (first: string) => `from step ${first}`,

  showAll: "All",
  showPictured: "All with pictures",
  showFlipped: "Flipped at this ε",
  showRight: "Still right",
  showWrong: "Wrong without attack",
  anyClass: (count: string) => `All ${count} ${plural(count, "class", "classes")}`,
  anyPictured: (count: string) => `All ${count} ${plural(count, "class", "classes")} with pictures`,
  classCount: (name: string, count: string) => `${name} (${count})`,
  classUnpictured: (name: string) => `${name} (no pictures)`,
  unnamedClass: (number: number) => `class ${number}`,
  sortLogged: "As logged",
  sortConfidence: "Confidence without attack",
  sortFlip: "Flips earliest first (ε)",
  sortLoss: "Drop in confidence",

  panels: "What the chart shows",
  panelEpsilon: "By epsilon",
  panelTraining: "Over training",
  panelClasses: "By class",
  panelTransfer: "Transfer",
  transferCaption: "Whom the examples made on each model fool, of the samples that it is right on",
  transferMadeOn: "made on",
  transferShownTo: "shown to",
  transferRight: (count: string) => `right on ${count}`,
  transferOf: (count: string, all: string) => `${count} of ${all}`,
  transferMost: (source: string, target: string, count: string, all: string) =>
    `Examples made on ${source} fool ${target} in ${count} of ${all} that it is right on`,
  transferNone: (source: string) => `Examples made on ${source} fool no other model`,
  transferAt: (sentence: string, epsilon: string) => `${sentence}, at ε = ${epsilon}`,
  trainingMap: "Accuracy by step and epsilon: arrow keys move both",
  accuracy: "Accuracy",
  loading: "loading",
  notLogged: "This step did not log this ε",
  beforeFirst: "The run has no step this early",
  picturedOnly: (shown: string, all: string) =>
    `of the ${shown} of ${all} ${plural(all, "sample")} with pictures`,
  overAll: (all: string) => `over all ${all} ${plural(all, "sample")}`,
  clickPictured: "A click shows those that have pictures",
  classSamples: "Samples",
  sortColumn: "Sort by this column; again for the other way round",
  classAccuracy: (robust: string, clean: string) => `${robust} at this ε, ${clean} without attack`,
  turnsInto: "Predicted instead",
  turnsIntoHint: "What the samples of this class are predicted as instead, most frequent first",
  turnedInto: (label: string, predicted: string, count: string) =>
    `Show the ${count} ${plural(count, "sample")} of class "${label}" predicted as "${predicted}"`,
  called: (label: string, predicted: string, count: string) =>
    `${count} ${plural(count, "sample")} of class "${label}" ${count === "1" ? "is" : "are"} predicted as "${predicted}"`,
  otherClasses: (count: string) => `further classes (${count})`,
  more: (count: string) => `+${count} more`,
  epsilon: "Epsilon",
  robustCurve: "Robust accuracy against epsilon",
  rightOn: (run: string, told: string) => `${run}: right on ${told}`,
  withoutAttack: (share: string) => `${share} without attack`,
  everywhere: (share: string) => `${share} without attack and at every ε`,
  shareAt: (share: string, epsilon: string) => `${share} at ${epsilon}`,
  shareFrom: (share: string, epsilon: string) => `${share} from ${epsilon}`,
  shareAtEpsilon: (epsilon: string, share: string) => `${epsilon}, right on ${share}`,
  verdict: (epsilon: string, robust: string, count: string, clean: string) =>
    `At ${epsilon} the model is right on ${robust} of ${count} ${plural(count, "picture")}; ${clean} without attack.`,
  verdictClean: (clean: string, count: string) =>
    `Without attack the model is right on ${clean} of ${count} ${plural(count, "picture")}.`,
  underAttack: "Under attack",
  whereFlips: "Where samples flip",
  axisLog: "log",
  axisLinear: "linear",
  axisHint: "Spacing of the epsilon axis",
  step: "Step",
  clean: "clean",
  moreRuns: (count: string) => `and ${count} more ${plural(count, "run")}`,
  cleanAccuracy: "Clean accuracy",
  robustAccuracy: "Robust accuracy",
  robustAccuracyHint: "The share still right under attack, of all samples",
  randomNoise: "Random noise",
  interval: "95 % interval",
  randomNoiseHint:
    "Accuracy under random signs of the same size: it is the direction that fools, not the amount",
  plainFgsm: "Under plain FGSM",
  plainFgsmHint:
    "Accuracy under a single step along the gradient's sign: a stronger attack leaves less",
  stronger: "Stronger attack",
  strongerHint: (name: string, count: string, interval: string) =>
    `Of the ${count} samples that were checked, the share that holds against ${name} too: ${interval} with 95 % confidence`,
  climb: "Loss by step",
  climbLevelShort: (steps: string) => `flat at ${steps}`,
  climbRisesShort: "rises still",
  climbNoRiseShort: "no rise",
  climbHint:
    "The loss that the attack makes grow, at its start and after each step. Where it still rises at the end, more steps would fool more. Dashed: the share that is right, from 0 to 100 %.",
  climbLevel: (name: string, level: string, steps: string) =>
    `${name} has levelled off after ${level} of ${steps} steps`,
  climbRises: (name: string, last: string, steps: string, share: string) =>
    `${name} still rises: the last ${last} of ${steps} steps bring ${share} of the loss`,
  climbNoRise: (name: string) => `${name}'s loss has not risen`,
  climbRight: (start: string, end: string) => `right: ${start} at its start, ${end} at its end`,
  gradientAlignment: "Gradient alignment",
  gradientAlignmentHint:
    "The cosine between the gradients at a sample and at a random point within ε of it, the mean of all (Andriushchenko and Flammarion 2020)",
  /** What an alignment from -1 to 1 says, in a sentence. */
  alignmentSays: (alignment: number): string =>
    alignment >= 0.85
      ? "Up to here the loss is nearly straight: one step does about as much as can be done."
      : alignment >= 0.5
        ? "Up to here the loss bends: an attack of more steps may fool more."
        : "Up to here the loss bends so much that what one step leaves says little.",
  overfitted: "Overfitted to the attack: see the warnings of this step",
  medianFlip: "Median flip",
  medianFlipHint:
    "The smallest measured ε at which half of the samples that were right without attack have flipped",
  medianFlipLoggedHint:
    "The smallest logged ε at which half of all samples that were right without attack are flipped",
  at: (epsilon: string) => `at ${epsilon}`,
  predictionsAt: (epsilon: string) => `predictions shown are for ${epsilon} (nearest logged)`,
  predictionsClean: "predictions shown are without attack (nothing logged below)",
  belowHint: (epsilon: string) =>
    `Nothing was logged at this ε: predictions and accuracies are those of ${epsilon}, the nearest logged ε below`,
  belowCleanHint:
    "Nothing was logged at this ε or below: predictions and accuracies are those of the originals",

  samples: (shown: string, all: string) => `${shown} of ${all} ${plural(all, "sample")}`,
  samplesPictured: (shown: string, all: string) => `${shown} of ${all} with pictures`,
  samplesWeakest: (shown: string, all: string) => `${shown} of ${all} that flipped first`,
  formula: "original + ε · sign ∇J = adversarial",
  formulaTarget: "original + (−ε · sign ∇J(target)) = adversarial",
  formulaEach: "original + difference = adversarial",
  size: "Size",
  sizeTold: (width: string) => `cards at least ${width} pixels wide`,
  trueSize: "1:1",
  trueSizeHint: "True size: each pixel of a picture is one of the screen's",
  shape: "Shape of the cards",
  triplet: "Triplet",
  strip: "Film strip",
  compare: "Compare",
  overTime: "Over time",
  film: (label: string) => `Adversarial pictures of ${label} by epsilon`,
  cards: "Samples",
  rightAgainAt: (epsilon: string) => `right again at ${epsilon}`,
  flipsAt: (epsilon: string) => `flips at ${epsilon}`,
  holds: "holds",
  holdsUntil: (epsilon: string) => `holds until ${epsilon}`,
  rightAgain: (epsilon: string) => `right again (flipped at ${epsilon})`,
  wrongWhenClean: "wrong without attack",
  original: "Original",
  noise: "Noise",
  noiseOf: (term: string) => `Noise ${term}`,
  adversarial: "Adversarial",
  originalPicture: (label: string, prediction: string, surety: string) =>
    `Original picture of ${label}, predicted as ${prediction} ${surety}`,
  noisePicture: (prediction: string, surety: string) =>
    `Noise, by itself predicted as ${prediction} ${surety}`,
  becomes: (before: string, now: string, epsilon: string) =>
    `${before} becomes ${now} at ε = ${epsilon}`,
  stays: (before: string, now: string, epsilon: string) =>
    `${before} stays so, ${now}, at ε = ${epsilon}`,
  spark: (label: string, told: string) => `Probability of ${label}: ${told}`,
  sampleNumber: "The sample's number, for Find",
  invisible: "invisible at this ε",
  targetIsLabel: "the target is the true class",
  flipsBetween: (before: string, after: string, at: string | null) =>
    `flips between ${before} and ${after}${at === null ? "" : ` (at ${at})`}`,
  targetBetween: (before: string, after: string, at: string | null) =>
    `becomes the target between ${before} and ${after}${at === null ? "" : ` (at ${at})`}`,
  save: "PNG",
  saveHint: (number: string, label: string, epsilon: string) =>
    `Save as PNG: the adversarial picture of ${number}, ${label}, at ε = ${epsilon}`,
  damagedOriginal: "The stored original is damaged",
  damagedDirection: "The stored noise is damaged",
  damagedAdversarial: "A stored adversarial picture is damaged",
  difference: "difference",
  randomSays: (said: string, surety: string) => `random noise: ${said} ${surety}`,
  targetAt: (epsilon: string) => `target at ${epsilon}`,
  targetNever: "never becomes the target",
  targetNotYet: (epsilon: string) => `not the target until ${epsilon}`,
  targetNoLongerAt: (epsilon: string) => `no longer the target at ${epsilon}`,
  targetNoLonger: (epsilon: string) => `no longer the target (was at ${epsilon})`,
  targetReached: "Predicted as target",
  targetReachedHint:
    "Of the samples that are right without attack, the share that is predicted as its target",
  showTarget: "Predicted as target at this ε",
  showNoTarget: "Not as target",
  noHits: "No sample passes these filters",
  noHitsPictured: (pictured: string) =>
    `None of the ${pictured} ${plural(pictured, "sample")} with pictures passes these filters`,
  othersPass: (count: string, all: string) =>
    `Of all ${all} samples, ${count} ${count === "1" ? "does" : "do"}`,
  storeMore: "The logger's max_samples says how many samples have pictures",
  followMore: "log_dataset's follow says which samples have pictures",
  showEverything: "Show all samples",
  showAllPictured: (pictured: string) => `Show all ${pictured} with pictures`,
  noSamples: "This step was logged without pictures: only its numbers are known",
  showStep: (step: string) => `Show step ${step}`,
  before: (run: string, first: string) => `${run} has no step this early; its first is ${first}`,

  loss: (name: string) => `${name} loss`,
  whiteBox: "white-box",
  noiseScale: "Noise",
  noiseScaleHint: "How many times the noise is enlarged, on all cards alike",
  noiseFull: "max contrast",
  noiseFills: "noise shown: black = −ε, white = +ε",
  noiseTimes: (times: string) => `noise × ${times}`,
  quantized: "the model saw these 8-bit pictures",
  unquantized: "pictures are the model's inputs rounded to 8 bits",
  channels: (count: number, shown: number) =>
    `${count} channels, ${shown === 1 ? "the first" : `the first ${shown}`} shown`,
  pictured,
  picturedFirst: (shown: string, all: string) => `${pictured(shown, all)}: the first`,
  picturedWeakest: (shown: string, all: string) =>
    `${pictured(shown, all)}: those that flipped first`,
  picturedWeakestNow: (shown: string, all: string) =>
    `${pictured(shown, all)}: those that flip first at this step`,
  picturedPerClass: (shown: string, all: string) =>
    `${pictured(shown, all)}: of each class, those that flipped first`,
  picturedAnewHint: "They were chosen at this step: at other steps there may be others",
  picturedWeakestHint:
    "They flipped at the smallest ε when they were chosen: the weakest samples, not typical ones",
  picturedIndices: (shown: string, all: string) => `${pictured(shown, all)}: chosen by index`,
  flipsPictured: "bars in the chart: where the samples with pictures flip",
  stepsKept: (kept: string, logged: string) =>
    `${kept} of ${logged} logged ${plural(logged, "step")} available`,
  stepsKeptHere: (kept: string, logged: string) =>
    `${kept} of ${logged} logged ${plural(logged, "step")} available up to here`,
  keepsAll: (flag: string) => `${flag} keeps all`,
  zeroGradient: (share: string) => `${share} of the gradient is zero`,
  nonfiniteGradient: (share: string) => `${share} of the gradient is not finite`,
  upperBoundShort: "upper bound",
  transferShort: "transfer",
  oneStep:
    "One step was logged: a map over training needs two or more. By epsilon has what there is.",
  noPictures: "no pictures",
  upperBound: "a stronger attack may lower this accuracy further",
  transfer: (surrogate: string) => `transfer from ${surrogate}`,
  targetClass: "towards one class",
  targetLabels: "towards given classes",
  targetLeast: "towards the least likely class",
  ownLabels: "labels are the model's own clean predictions",
  oneLogit: "the model's one logit z is read as two classes, [0, z]",

  warnings: (count: string) => `${count} ${plural(count, "warning")}`,
  caveat: (code: string) => (Object.hasOwn(CAVEATS, code) ? CAVEATS[code] : undefined) ?? code,
  /** What the logger wrote, in the language of this page. */
  caveatSentence: (_code: string, sentence: string): Told => ({ text: sentence, lang: null }),

  help: "What is this? Terms and keys",
  helpTitle: "What is to be seen here",
  whatFgsmIs:
    "The Fast Gradient Sign Method (FGSM) changes each colour value of a picture by the same small ε, in the direction in which the model errs the most. What looks the same to you may then be another thing to the model.",
  helpTerms: [
    ["ε", "The most that any colour value may change; 1/255 is one grey level"],
    ["Flip", "The prediction stops being right"],
    ["Robust accuracy", "The share still right under attack"],
    ["Median flip", "By this ε half of the right ones have flipped"],
    ["White-box", "The attacker knows the model's weights"],
    ["Dashed line", "Random noise of the same size, for comparison"],
  ] as readonly (readonly [string, string])[],
  helpLimits:
    "A model that withstands FGSM is not robust for that: it is one step, and attacks of more steps, such as PGD, find more.",
  tourOffer: "New here? A short look at what this page shows.",
  tourStart: "Show me around",
  tourNo: "No, thanks",
  tourBack: "Back",
  tourNext: "Next",
  tourStep: (at: string, count: string) => `${at} of ${count}`,
  tourStops: [
    [
      "Three pictures",
      "The original, the noise of FGSM, and their sum: the adversarial example, with what the model says of each.",
    ],
    [
      "Epsilon (ε)",
      "How far the noise may move each colour value; 1/255 is one grey level. Drag it: the pictures follow, between the logged values, too.",
    ],
    ["Flip", "The ε at which the model stops being right on this sample. The smaller, the weaker."],
    [
      "The curve",
      "The share of samples on which the model is still right, from ε = 0 on. The steeper it falls, the less robust the model.",
    ],
    [
      "The dashed line",
      "The same for random noise as large, where it was logged. If it stays up while the curve falls, it is the direction that fools the model, not the size of the noise.",
    ],
    [
      "Whether to believe it",
      "Where they were logged: what a stronger attack leaves of a few samples, with its interval, and how aligned the gradients are. Near 1 one step does about as much as can be done; near 0 its accuracy says little (Andriushchenko and Flammarion 2020). An attack of several steps shows whether its loss has levelled off (Pintor et al. 2022).",
    ],
    [
      "What happens on the way",
      "Where they were logged: a sample, opened, shows the classes on a square through it (Warde-Farley and Goodfellow 2016); Embedding, where ε moves samples for the model; Transfer, whom the examples made on another model fool (Szegedy et al. 2014).",
    ],
    [
      "What FGSM cannot tell",
      "It is one step of one attack that knows the model's weights. Others find more: the true robust accuracy is at most what you see.",
    ],
  ] as readonly (readonly [string, string])[],
  helpKeys: "Keys",
  helpKeyList: [
    ["← →", "on the slider: the next logged ε"],
    ["Shift ← →", "a little of ε at a time"],
    ...englishSampleKeys,
    ["/", "find samples"],
    ["?", "this help"],
    ["Esc", "closes what is open"],
  ] as readonly (readonly [string, string])[],

  ...englishSample,
  ...englishSection,

  ...englishMissing,
  ...englishCompare,
};

/** The visible text of one language. */
export type Words = typeof english;
