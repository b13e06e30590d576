// The same in Korean.

import type { englishEmbedding } from "./english-embedding";

export const koreanEmbedding: typeof englishEmbedding = {
  panelEmbedding: "임베딩",
  embeddingFlipped: (epsilon, flipped, count, wrong) =>
    `${epsilon}에서 샘플 ${count}개 중 ${flipped}개가 뒤집혔습니다. 공격 전부터 틀린 샘플은 ${wrong}개입니다.`,
  embeddingClean: (count, wrong) => `공격이 없을 때 샘플 ${count}개 중 ${wrong}개가 틀립니다.`,
  embeddingFlippedOf: (label, epsilon, flipped, count, wrong) =>
    `${epsilon}에서 클래스 "${label}"의 샘플 ${count}개 중 ${flipped}개가 뒤집혔습니다. 공격 전부터 틀린 샘플은 ${wrong}개입니다.`,
  embeddingCleanOf: (label, count, wrong) =>
    `공격이 없을 때 클래스 "${label}"의 샘플 ${count}개 중 ${wrong}개가 틀립니다.`,
  embeddingMoved: (times) =>
    `이 평면에서 그중 절반은 클래스 간 거리의 ${times}배 이상 이동했습니다.`,
  embeddingMovedHint:
    "클래스 간 거리: 공격 전 클래스 중심에서 가장 가까운 다른 중심까지의 거리를 모든 클래스에 대해 구한 중앙값",
  embeddingPlane: (layer, features, share, step, fit) =>
    `평면 ${fit}: "${layer}" 입력 ${features}개의 첫 두 주성분으로, 스텝 ${step}에서 분산의 ${share}를 설명합니다. 기록된 두 ε 사이에서 점은 직선으로 움직입니다.`,
  embeddingOtherPlane: "앞서 보던 것과 다른 평면이라 위치를 서로 비교할 수 없습니다.",
  embeddingComponent: (number, share) => `주성분 ${number}: ${share}`,
  embeddingMap: "모델이 보는 샘플의 위치",
  embeddingKeys:
    "화살표 키로 점에서 점으로, Page Up과 Page Down으로 샘플 순서대로 이동, Enter로 자세히 보기",
  embeddingRight: "맞음",
  embeddingHasFlipped: "뒤집힘",
  embeddingWrong: "공격 전부터 틀림",
  embeddingFlipsAt: (epsilon) => `${epsilon}에서 뒤집힘`,
  embeddingHolds: "뒤집히지 않음",
  embeddingOpen: "Enter 또는 클릭으로 자세히 보기",
  embeddingNoPictures: "이미지 없음",
  embeddingClasses: "클래스 · 하나만 골라 보기",
  embeddingMore: (count) => `외 클래스 ${count}개`,
  embeddingNone:
    "이 스텝에는 임베딩이 기록되지 않았습니다. FGSMLogger(…, embed=1000)로 모델이 보는 샘플의 위치를 기록할 수 있습니다.",
  embeddingNoClass: (label) => `임베딩된 샘플 중 클래스 "${label}"은(는) 없습니다.`,
};
