// The same in Korean.

import type { englishMissing } from "./english-missing";

export const koreanMissing: typeof englishMissing = {
  emptyTitle: "아직 적대적 예제가 없습니다",
  emptyText:
    "이 로그 디렉터리에는 적대적 예제 기록이 없습니다. 학습 스크립트에 다음과 같이 추가하세요. 첫 스텝이 기록되면 이 탭이 자동으로 채워집니다.",
  copy: "복사",
  copied: "복사됨",
  unreachable: "TensorBoard가 응답하지 않습니다. 실행 중인지 확인하세요.",
  serverError: (status) =>
    `TensorBoard 응답: 오류 ${status}. 이유는 TensorBoard의 로그에 있습니다.`,
  retry: "다시 시도",
  failed: "대시보드 내부 오류가 발생했습니다",
};
