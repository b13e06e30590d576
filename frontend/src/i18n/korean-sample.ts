// The same in Korean.

import type { englishSample } from "./english-sample";

export const koreanSample: typeof englishSample = {
  openSample: (number, label) => `${number} ${label} 자세히 보기`,
  previousSample: "이전 샘플",
  nextSample: "다음 샘플",
  samplePlace: (place, all) => `${all}개 중 ${place}번째`,
  sampleBeside: "현재 필터에 없는 샘플",
  sampleTold: (place, number, label, state) => `${place}: ${number} ${label}, ${state}`,
  noSample: (number) => `이 스텝에는 이미지가 있는 ${number} 샘플이 없습니다`,
  sampleWaits: "샘플을 불러오는 중입니다",

  pictures: "이미지",
  picturesHint:
    "휠, 핀치, +, − 키로 모든 이미지를 함께 확대·축소하고 0 키로 전체를 봅니다. 끌거나 화살표 키로 이동하고, Shift와 화살표 키로 픽셀을 옮깁니다",
  sideBySide: "나란히",
  swipe: "겹쳐 밀기",
  middlePicture: "가운데 이미지",
  differenceClipped: "차이",
  differenceClippedHint: "적대적 예제에서 원본을 뺀 값, 0…255로 자른 뒤의 밝기 단계",
  noiseGiven: (term) => `노이즈 ${term}`,
  blink: "누르는 동안 원본",
  blinkHint: "누르고 있는 동안 적대적 예제 자리에 원본을 보여 줍니다",
  zoomIn: "확대",
  zoomOut: "축소",
  zoomWhole: "전체",
  zoomWholeHint: "이미지 전체 보기",
  zoomTold: (times) => `픽셀당 화면 픽셀 ${times}개`,
  divider: "원본과 적대적 예제의 경계",
  dividerTold: (share) => `${share}까지 원본`,
  blackIs: "검정",
  whiteIs: "흰색",
  levels: (count) => `${count}단계`,
  pixelAt: (x, y) => `픽셀 ${x}, ${y}`,
  pixelTold: (at, original, adversarial, difference) =>
    `${at}: 원본 ${original}, 적대적 예제 ${adversarial}, 차이 ${difference}`,
  noPixel: "이미지를 가리키면 픽셀 값이 표시됩니다",

  topClasses: "ε에 따른 상위 클래스의 확률",
  trueClassMark: "실제 클래스",
  targetMark: "목표",
  below5: "상위 클래스에 없음",
  asTable: "전체를 표로 보기",
  mostProbable: "확률이 높은 순서",

  facts: "이 샘플에 대하여",
  sampleIndex: "번호",
  predictedClean: "원본 예측",
  predictedNow: "적대적 예제 예측",
  predictedNoise: "노이즈만 넣었을 때 예측",
  predictedControl: "무작위 노이즈 예측",
  target: "목표",
  flipEpsilon: "뒤집히는 ε",
  never: "없음",
  largestChange: "최대 변화 (L∞)",
  largestChangeTold: (levels, share) => `255 중 ${levels} = ${share}`,
  euclidean: "유클리드 거리 (L₂)",
  pixelsMoved: "바뀐 픽셀",
  pixelsMovedTold: (moved, all, share) => `${all}개 중 ${moved}개 (${share})`,
  pictureSize: "이미지",
  pictureSizeTold: (width, height, channels) => `${width} × ${height}, 채널 ${channels}개`,

  otherSteps: "다른 스텝에서",
  otherRuns: "다른 실행에서",
  notLoggedThere: "기록되지 않음",
  cannotBeRead: "읽을 수 없음",
  goToRun: (run) => `${run}(으)로 이동`,
  stateFlipped: "뒤집힘",
  stateRight: "정답 유지",
  stateWrong: "공격 전부터 오답",

  saveAsPng: "PNG로 저장",
  savePicture: (picture) => `PNG로 저장: ${picture}`,
  figure: "그림",
  figureHint: "세 이미지와 설명을 한 장으로",
  figureNote: (attack, epsilon) => `${attack}, ε = ${epsilon}`,

  setEpsilon: (epsilon) => `ε을 ${epsilon}(으)로 설정`,
  sparkSlider: (label) => `${label} 곡선의 엡실론`,
};

/** What keys do in the grid and in the close look. */
export const koreanSampleKeys: readonly (readonly [string, string])[] = [
  ["← → ↑ ↓", "카드에서: 다음 카드로"],
  ["Enter", "카드에서: 자세히 보기"],
  ["j k", "자세히 보기에서: 다음·이전 샘플 (→ ←와 같음)"],
  ["b", "자세히 보기에서: 누르는 동안 적대적 예제 자리에 원본 표시"],
  ["+ − 0", "자세히 보기에서: 확대, 축소, 전체"],
  ["Shift ← →", "자세히 보기의 이미지에서: 픽셀 단위 이동"],
];
