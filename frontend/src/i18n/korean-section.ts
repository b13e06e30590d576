// The same in Korean.

import type { englishSection } from "./english-section";

export const koreanSection: typeof englishSection = {
  section: "단면",
  sectionTitle: "이 샘플을 지나는 단면",
  sectionBegins: (direction, epsilon) =>
    `${direction}에서 다른 클래스가 처음 나오는 칸은 ${epsilon}입니다.`,
  sectionStays: (direction, epsilon) =>
    `${direction}에서는 ${epsilon}까지 모든 칸이 같은 클래스입니다.`,
  sectionGradient: "FGSM 방향",
  sectionRandom: "무작위 방향",
  sectionCell: (along, across, label, share) =>
    `FGSM 방향 ${along}, 무작위 방향 ${across}: ${label} ${share}`,
  sectionOriginal: (label, share) => `원본: ${label} ${share}`,
  sectionAlongAxis: "FGSM 방향",
  sectionAcrossAxis: "무작위 방향",
  sectionHint:
    "샘플 주변에 대한 모델의 예측입니다. 가로는 FGSM 방향, 세로는 그와 직교하는 무작위 방향이며 가운데가 원본입니다. 색이 옅을수록 모델의 확신이 낮습니다. 고리는 기록된 ε, 점은 현재 ε입니다.",
  sectionSource: "Warde-Farley and Goodfellow 2016",
  sectionKeys: "화살표 키로 칸에서 칸으로 이동, Home으로 원본으로 돌아가기",
  sectionClasses: "단면에 나타나는 클래스, 넓은 순서",
  sectionOthers: (count) => `그 밖의 클래스 ${count}개`,
  sectionDamaged: "단면 이미지가 손상되었습니다.",
};
