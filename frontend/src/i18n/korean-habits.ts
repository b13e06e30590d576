// The same in Korean.

import type { englishHabits } from "./english-habits";

export const koreanHabits: typeof englishHabits = {
  resetView: "보기 초기화",
  resetViewHint: "실행과 태그만 두고 모두 처음 상태로 되돌립니다",
  viewReset: "보기를 초기화했습니다",
  copyLink: "링크 복사",
  copyLinkHint: "지금 보이는 화면의 주소를 복사해 공유합니다",
  linkCopied: "링크를 복사했습니다",
  linkHere: "복사할 이 화면의 링크",

  reverseOrder: "역순",

  classesOf: (kind) => `${kind} 목록`,
  clearClass: (kind) => `${kind} 선택 해제`,
  classHint: "이름 또는 번호 입력",
  classesFound: (count) => `클래스 ${count}개`,
  noSuchClass: "이름이나 번호가 일치하는 클래스가 없습니다",
  moreClasses: (count) => `외 ${count}개 · 입력해서 좁히기`,

  flipsRange: "뒤집히는 ε 범위",
  flipsFrom: "뒤집히는 ε의 하한",
  flipsTo: "뒤집히는 ε의 상한",
  flipsAny: "제한 없음",
  clearFlips: "뒤집히는 ε 범위 해제",

  saveAs: "저장",
  saveCurve: "엡실론별 정확도 (CSV)",
  saveClasses: "이 ε의 클래스별 결과 (CSV)",
  saveTraining: "스텝별 정확도 (CSV)",
  saveTransfers: "모델 사이의 전이 (CSV)",
  saveClimb: "공격 스텝별 손실 (CSV)",
  savingWaits: "아직 불러오지 못한 스텝이 있습니다",
  saved: (name) => `${name} 저장됨`,
};
