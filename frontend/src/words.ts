// All visible text, in English and Korean. Texts that hold numbers or names are functions.

/** An English noun after a number, as format.ts writes it. */
function plural(number: string, noun: string): string {
  return number === "1" ? noun : `${noun}s`;
}

const english = {
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
  otherTag: (tag: string) => `Nothing under this tag: shows this run's tag ${tag}`,
  atStep: (step: string) => `step ${step}`,
  nearestStep: (step: string, wanted: string) =>
    `This run has no step ${wanted}: shown is step ${step}, the nearest earlier one`,

  damaged: "damaged",
  notLoaded: "not loaded",
  fromStep: (first: string) => `from step ${first}`,

  showAll: "All",
  showFlipped: "Flipped at this ε",
  showRight: "Still right",
  showWrong: "Wrong when clean",
  anyClass: (count: string) => `Any of ${count}`,
  classCount: (name: string, count: string) => `${name} (${count})`,
  unnamedClass: (number: number) => `class ${number}`,
  sortLogged: "As logged",
  sortConfidence: "Confidence when clean",
  sortFlip: "Epsilon of the flip",
  sortLoss: "Loss of confidence",

  panels: "What the chart shows",
  panelEpsilon: "By epsilon",
  panelTraining: "Over training",
  panelClasses: "By class",
  trainingMap: "Accuracy by step and epsilon: arrow keys move both",
  accuracy: "Accuracy",
  loading: "loading",
  notLogged: "This step did not log this ε",
  beforeFirst: "The run has no step this early",
  picturedOnly: (shown: string, all: string) =>
    `of the ${shown} of ${all} ${plural(all, "sample")} with pictures`,
  classSamples: "Samples",
  sortColumn: "Sort by this column; again for the other way round",
  classAccuracy: (robust: string, clean: string) => `${robust} at this ε, ${clean} when clean`,
  turnsInto: "Said instead",
  turnsIntoHint: "What the model says of this class's samples instead, most frequent first",
  turnedInto: (label: string, predicted: string, count: string) =>
    `Show the ${count} of ${label} that the model calls ${predicted}`,
  more: (count: string) => `+${count} more`,
  epsilon: "Epsilon",
  robustCurve: "Robust accuracy against epsilon",
  axisLog: "log",
  axisLinear: "linear",
  axisHint: "Spacing of the epsilon axis",
  step: "Step",
  clean: "clean",
  cleanAccuracy: "Clean accuracy",
  robustAccuracy: "Robust accuracy",
  medianFlip: "Median flip",
  medianFlipHint:
    "The smallest logged ε at which half of the samples shown that were right have flipped",
  at: (epsilon: string) => `at ${epsilon}`,
  predictionsAt: (epsilon: string) => `predictions at ${epsilon}`,
  predictionsClean: "predictions when clean",
  belowHint: (epsilon: string) =>
    `Nothing was logged at this ε: predictions and accuracies are those of ${epsilon}, the nearest logged ε below`,
  belowCleanHint:
    "Nothing was logged at this ε or below: predictions and accuracies are those of the clean pictures",

  samples: (shown: string, all: string) => `${shown} of ${all} ${plural(all, "sample")}`,
  formula: "original + ε · sign ∇J = adversarial",
  size: "Size",
  flipsAt: (epsilon: string) => `flips at ${epsilon}`,
  holds: "holds",
  holdsUntil: (epsilon: string) => `holds · flips at ${epsilon}`,
  rightAgain: (epsilon: string) => `right again · flips at ${epsilon}`,
  wrongWhenClean: "wrong when clean",
  original: "Original",
  noise: "Noise",
  adversarial: "Adversarial",
  picture: (kind: string, label: string, prediction: string, surety: string) =>
    `${kind} picture of ${label}, predicted ${prediction}, ${surety}`,
  spark: "Probability of the true class against epsilon",
  save: "PNG",
  saveHint: "Save the adversarial picture as PNG",
  damagedOriginal: "The stored original is damaged",
  damagedDirection: "The stored noise is damaged",
  noHits: "No sample passes these filters",
  showEverything: "Show all samples",
  noSamples: "This step was logged without pictures: only the curve is known",
  before: (run: string, first: string) => `${run} has no step this early; its first is ${first}`,

  loss: (name: string) => `${name} loss`,
  whiteBox: "white-box",
  noiseTag: "± ε",
  noiseScale: "noise ×1 = ±ε, shown as ±½",
  quantized: "the model saw these 8-bit pictures",
  unquantized: "pictures are the model's inputs rounded to 8 bits",
  channels: (count: number, shown: number) =>
    `${count} channels, ${shown === 1 ? "the first" : `the first ${shown}`} shown`,
  pictured: (shown: string, all: string) =>
    `pictures of ${shown} of ${all} ${plural(all, "sample")}`,
  stepsKept: (kept: string, logged: string) =>
    `${kept} of ${logged} ${plural(logged, "step")} kept`,
  stepsKeptHere: (kept: string, logged: string) =>
    `${kept} of ${logged} ${plural(logged, "step")} kept up to here`,
  stepsKeptHint: (most: string, logged: number) =>
    `TensorBoard keeps at most ${most} steps of a tag; --samples_per_plugin fgsm=${logged} keeps all`,
  zeroGradient: (share: string) => `${share} of the gradient is zero`,
  nonfiniteGradient: (share: string) => `${share} of the gradient is not finite`,
  upperBound: "robust accuracy under FGSM is an upper bound",

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

/** The visible text of one language. */
export type Words = typeof english;

const korean: Words = {
  language: "English",
  languageHint: "영어로 보기",

  runs: "실행",
  tag: "태그",
  show: "보기",
  find: "찾기",
  findHint: "클래스 또는 샘플 번호",
  findKeys: "실제 또는 예측 클래스, 샘플 번호. / 키로 이동, Escape로 지움",
  clearFilters: "필터 지우기",
  trueClass: "실제 클래스",
  predictedClass: "예측 클래스",
  sortBy: "정렬",
  panel: "실행과 필터",
  close: "닫기",
  filterRuns: "실행 찾기",
  noSuchRun: "이름이 일치하는 실행이 없습니다",
  drawRun: (run) => `${run} 곡선 그리기`,
  otherTag: (tag) => `이 태그의 기록 없음 · 누르면 이 실행의 태그 ${tag} 표시`,
  atStep: (step) => `스텝 ${step}`,
  nearestStep: (step, wanted) => `스텝 ${wanted} 없음 · 바로 앞 스텝 ${step} 표시`,

  damaged: "손상됨",
  notLoaded: "불러오지 못함",
  fromStep: (first) => `스텝 ${first}부터`,

  showAll: "전체",
  showFlipped: "이 ε에서 뒤집힘",
  showRight: "여전히 정답",
  showWrong: "원본부터 오답",
  anyClass: (count) => `전체 (${count}개 클래스)`,
  classCount: (name, count) => `${name} (${count})`,
  unnamedClass: (number) => `클래스 ${number}`,
  sortLogged: "기록 순서",
  sortConfidence: "원본의 확신도",
  sortFlip: "뒤집히는 엡실론",
  sortLoss: "확신도 감소",

  panels: "그래프 종류",
  panelEpsilon: "엡실론별",
  panelTraining: "학습 과정",
  panelClasses: "클래스별",
  trainingMap: "스텝과 엡실론에 따른 정확도 · 화살표 키로 둘 다 이동",
  accuracy: "정확도",
  loading: "불러오는 중",
  notLogged: "이 스텝에는 이 ε의 기록이 없습니다",
  beforeFirst: "이 실행에는 이렇게 이른 스텝이 없습니다",
  picturedOnly: (shown, all) => `이미지가 있는 샘플 기준 (${all}개 중 ${shown}개)`,
  classSamples: "샘플",
  sortColumn: "이 열로 정렬 · 다시 누르면 역순",
  classAccuracy: (robust, clean) => `이 ε에서 ${robust}, 원본 ${clean}`,
  turnsInto: "잘못된 예측",
  turnsIntoHint: "모델이 이 클래스의 샘플을 무엇으로 잘못 예측하는지, 많은 순서로",
  turnedInto: (label, predicted, count) => `${label} 중 ${predicted}(으)로 예측된 ${count}개 보기`,
  more: (count) => `외 ${count}개`,
  epsilon: "엡실론",
  robustCurve: "엡실론에 따른 강건 정확도",
  axisLog: "로그",
  axisLinear: "선형",
  axisHint: "엡실론 축의 간격",
  step: "스텝",
  clean: "원본",
  cleanAccuracy: "원본 정확도",
  robustAccuracy: "강건 정확도",
  medianFlip: "뒤집히는 ε 중앙값",
  medianFlipHint: "표시된 샘플 중 원본에서 정답이던 것의 절반이 뒤집히는, 기록된 가장 작은 ε",
  at: (epsilon) => `${epsilon}에서`,
  predictionsAt: (epsilon) => `${epsilon}에서의 예측`,
  predictionsClean: "원본의 예측",
  belowHint: (epsilon) =>
    `이 ε에는 기록이 없어, 그 아래 가장 가까운 기록인 ${epsilon}의 예측과 정확도를 보여 줍니다`,
  belowCleanHint: "이 ε 이하에는 기록이 없어, 원본의 예측과 정확도를 보여 줍니다",

  samples: (shown, all) => `샘플 ${all}개 중 ${shown}개`,
  formula: "원본 + ε · sign ∇J = 적대적 예제",
  size: "크기",
  flipsAt: (epsilon) => `${epsilon}에서 뒤집힘`,
  holds: "유지",
  holdsUntil: (epsilon) => `유지 · ${epsilon}에서 뒤집힘`,
  rightAgain: (epsilon) => `다시 정답 · ${epsilon}에서 뒤집힘`,
  wrongWhenClean: "원본부터 오답",
  original: "원본",
  noise: "노이즈",
  adversarial: "적대적 예제",
  picture: (kind, label, prediction, surety) =>
    `${label}의 ${kind} 이미지, 예측 ${prediction}, ${surety}`,
  spark: "엡실론에 따른 실제 클래스의 확률",
  save: "PNG",
  saveHint: "적대적 예제를 PNG로 저장",
  damagedOriginal: "저장된 원본이 손상되었습니다",
  damagedDirection: "저장된 노이즈가 손상되었습니다",
  noHits: "이 조건에 맞는 샘플이 없습니다",
  showEverything: "모든 샘플 보기",
  noSamples: "이 스텝은 이미지 없이 기록되어 곡선만 볼 수 있습니다",
  before: (run, first) => `${run}에는 이렇게 이른 스텝이 없습니다. 첫 스텝은 ${first}입니다`,

  loss: (name) => (name === "stable" ? "안정화 손실" : `${name} 손실`),
  whiteBox: "화이트박스",
  noiseTag: "± ε",
  noiseScale: "노이즈 ×1 = ±ε, ±½로 표시",
  quantized: "모델에 실제로 입력된 8비트 이미지입니다",
  unquantized: "모델 입력을 8비트로 반올림한 이미지입니다",
  channels: (count, shown) => `채널 ${count}개 중 앞의 ${shown}개 표시`,
  pictured: (shown, all) => `샘플 ${all}개 중 ${shown}개에 이미지 있음`,
  stepsKept: (kept, logged) => `스텝 ${logged}개 중 ${kept}개 보관`,
  stepsKeptHere: (kept, logged) => `여기까지 스텝 ${logged}개 중 ${kept}개 보관`,
  stepsKeptHint: (most, logged) =>
    `TensorBoard는 태그마다 스텝을 ${most}개까지만 보관합니다. --samples_per_plugin fgsm=${logged}이면 모두 보관합니다`,
  zeroGradient: (share) => `기울기의 ${share}가 0`,
  nonfiniteGradient: (share) => `기울기의 ${share}가 유한하지 않음`,
  upperBound: "FGSM에 대한 강건 정확도는 상한입니다",

  emptyTitle: "아직 적대적 예제가 없습니다",
  emptyText:
    "이 로그 디렉터리에는 적대적 예제 기록이 없습니다. 학습 스크립트에 다음과 같이 추가하세요. 첫 스텝이 기록되면 이 탭은 저절로 채워집니다.",
  copy: "복사",
  copied: "복사됨",
  unreachable: "TensorBoard가 응답하지 않습니다. 실행 중인지 확인하세요.",
  serverError: (status) =>
    `TensorBoard 응답: 오류 ${status}. 이유는 TensorBoard의 로그에 있습니다.`,
  retry: "다시 시도",
  failed: "대시보드에 오류가 생겼습니다",
};

export type Language = "en" | "ko";

export const WORDS: { readonly [language in Language]: Words } = { en: english, ko: korean };

/** The language to show: the chosen one, else the browser's if it is among ours, else English. */
export function pickLanguage(chosen: string | undefined, browser: string): Language {
  if (chosen === "en" || chosen === "ko") return chosen;
  return browser.toLowerCase().startsWith("ko") ? "ko" : "en";
}
