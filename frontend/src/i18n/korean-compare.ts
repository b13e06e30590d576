// The same in Korean.

import type { englishCompare } from "./english-compare";

export const koreanCompare: typeof englishCompare = {
  compareWith: "비교 대상",
  againstRuns: "그려진 실행",
  againstStep: "다른 스텝",
  againstTag: "다른 태그",
  stepBeside: "비교할 스텝",
  tagBeside: "비교할 태그",
  onlySplit: "결과가 갈리는 샘플만",
  onlySplitHint: "이 ε에서 한쪽은 맞히고 다른 쪽은 틀리는 샘플만 보기",
  contestBoth: (epsilon, count) => `${epsilon}에서 양쪽에 모두 있는 샘플 ${count}개 중`,
  contestAll: (epsilon, count) => `${epsilon}에서 모두에 있는 샘플 ${count}개 중`,
  contestBothClean: (count) => `공격 전, 양쪽에 모두 있는 샘플 ${count}개 중`,
  contestAllClean: (count) => `공격 전, 모두에 있는 샘플 ${count}개 중`,
  contestRight: (name, right) => `정답은 ${name} ${right}개`,
  contestAlso: (name, right) => `${name} ${right}개`,
  contestUnder: (tag, right) => `${tag} 공격에 ${right}개가 정답 유지`,
  contestAlsoUnder: (tag, right) => `${tag} 공격에 ${right}개`,
  contestLead: (name, by, points) => `${name} 쪽이 ${by}개(${points}%p) 앞섭니다.`,
  contestLevel: (name, other) => `${name}, ${other} 동률입니다.`,
  contestMore: (by, points) => `${by}개(${points}%p) 더 많습니다.`,
  contestFewer: (by, points) => `${by}개(${points}%p) 더 적습니다.`,
  contestSame: "서로 같습니다.",
  contestSplit: (count) => `${count}개에서 결과가 갈립니다.`,
  contestAgree: "결과가 갈리는 샘플은 없습니다.",
  contestFooled: (count, weak, strong) =>
    `${weak} 공격은 견디지만 ${strong} 공격에 무너지는 샘플이 ${count}개입니다.`,
  contestConverse: (count) =>
    count === "0" ? "그 반대는 없습니다." : `그 반대는 ${count}개입니다.`,
  contestChecked: (left) => `더 강한 공격에도 버티는 샘플: ${left}.`,
  contestLeft: (name, held, count) => `${name} ${count}개 중 ${held}개`,
  contestNone: "모두에 있는 샘플은 없습니다. 어디에 있는지는 카드마다 표시됩니다.",
  without: (count) => `짝이 없는 샘플 ${count}개`,
  withoutHint: "샘플은 원본의 픽셀로 알아봅니다",
  nobodyElse:
    "이 샘플들을 함께 기록한 다른 비교 대상이 없습니다. 샘플은 원본의 픽셀로 알아보므로, 비교하려면 크기나 위치를 바꾸지 않은 같은 이미지를 기록하세요.",
  coming: (name) => `${name} 불러오는 중`,
  oneRun: "그려진 실행이 하나뿐입니다. 두 번째 실행을 그리거나 다른 스텝 또는 태그와 비교하세요.",
  otherRunsLater: "그려진 다른 실행에는 이렇게 이른 스텝이 없습니다.",
  drawToo: (run) => `${run} 함께 그리기`,
  oneStepOnly:
    "이 실행은 이 태그에 스텝을 하나만 기록했습니다. 다른 실행과 비교하거나 스텝이 더 기록된 뒤 확인하세요.",
  sameStep: "지금 보고 있는 스텝입니다. 비교할 다른 스텝을 고르세요.",
  oneTagOnly:
    "이 실행은 태그 하나에만 기록했습니다. FGSM과 PGD처럼 비교하려면 다른 공격을 두 번째 태그로 기록하세요.",
  beside: (label) => `${label} 나란히 보기`,
  ofSide: (side, told) => `${side}: ${told}`,
  lacks: "여기에는 기록 없음",
  showRun: (run) => `${run}의 샘플 보기`,
  goToStep: (step) => `스텝 ${step}(으)로 이동`,
  showTag: (tag) => `${tag} 태그의 샘플 보기`,

  overSteps: (label) => `스텝에 따른 ${label}의 적대적 예제`,
  lostBetween: (before, after) => `스텝 ${before}에서는 정답, ${after}에서는 오답`,
  wonBetween: (before, after) => `스텝 ${before}에서는 오답, ${after}에서는 정답`,
  oneStepInTime:
    "이 실행은 이 태그에 스텝을 하나만 기록했습니다. 두 번째 스텝부터 변화를 볼 수 있습니다.",

  playEpsilon: "엡실론 재생",
  playSteps: "스텝 재생",
  pause: "일시정지",
};
