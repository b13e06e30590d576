// The same in Korean.

import type { englishExports } from "./english-exports";

export const koreanExports: typeof englishExports = {
  saveChart: (format) => `그래프 (${format})`,
  savePredictions: "이 ε의 클래스별 예측 (CSV)",
  saveSheet: "표시된 샘플을 한 장으로 (PNG)",
  cancel: "취소",
  sheetProgress: (done, all) => `한 장으로 모으는 중: ${all}개 중 ${done}개`,
  sheetCut: (shown, all) =>
    `샘플 ${all}개 중 ${shown}개만 담았습니다. 필터로 다른 샘플을 고를 수 있습니다`,
  notSaved: "파일을 만들지 못했습니다",
};
