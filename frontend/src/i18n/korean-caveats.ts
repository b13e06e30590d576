// The warnings' sentences in Korean. The logger writes them in English: their numbers are found there.

/** How a sentence of a code reads, and the same in Korean with what was found in it. */
interface Translation {
  readonly english: RegExp;
  readonly korean: (...found: string[]) => string;
}

const KINDS: { readonly [english: string]: string } = { model: "모델", surrogate: "대리 모델" };

const TRANSLATIONS: { readonly [code: string]: Translation } = {
  "random-outputs": {
    english: /differ by up to (\S+), in (\d+) of (\d+) predictions/,
    korean: (apart, changed, count) =>
      `같은 배치를 공격 없이 두 번 통과시켰는데 출력이 최대 ${apart}만큼 다르고, 예측 ${count}개 중 ` +
      `${changed}개가 바뀌었습니다. 출력이 무작위로 달라지는 모델을 기울기 하나로 평가하면 잘못된 ` +
      "결론에 이를 수 있습니다.",
  },
  "same-samples": {
    english: /^all (\d+) processes/,
    korean: (count) =>
      `프로세스 ${count}개가 모두 같은 배치로 시작했습니다. 프로세스마다 데이터셋 전체를 평가해 모든 ` +
      "샘플이 그 수만큼 중복 집계된 것으로 보입니다. " +
      "torch.utils.data.DistributedSampler로 로더를 나누세요.",
  },
  "untrained-choice": {
    english: /right on (\S+) % of (\d+), not surely more than the (\S+) %/,
    korean: (accuracy, count, share) =>
      `이미지가 있는 샘플을 선택할 때 모델은 ${count}개 중 ${accuracy} %를 맞혔는데, 가장 많은 클래스의 ` +
      `비율인 ${share} %보다 확실히 높다고 할 수 없습니다. 학습되지 않은 모델은 모든 샘플을 몇몇 클래스로만 ` +
      "예측하므로 그 클래스의 샘플만 먼저 뒤집힙니다. follow='weakest'는 스텝마다 새로 선택하고, " +
      "follow='per-class'는 모델이 학습된 뒤 클래스마다 고르게 선택합니다.",
  },
  probabilities: {
    english: /^the (.+?)'s outputs look .* last (\w+)$/,
    korean: (whose, last) =>
      `${KINDS[whose ?? ""] ?? whose}의 출력이 로짓이 아니라 확률로 보입니다. 확신이 클수록 기울기가 ` +
      `사라지므로 마지막 ${last}를 뺀 모델을 공격하세요.`,
  },
  "zero-samples": {
    english: /^(\d+) of (\d+) samples/,
    korean: (still, count) =>
      `샘플 ${count}개 중 ${still}개는 기울기가 모두 0입니다. FGSM이 바꿀 수 없을 뿐, 강건한 것은 ` +
      "아닙니다.",
  },
  "zero-gradients": {
    english: /^(\S+) % of the gradient/,
    korean: (share) => `기울기의 ${share} %가 정확히 0입니다. 해당 픽셀은 바뀌지 않습니다.`,
  },
  "nonfinite-gradients": {
    english: /^(\d+) of (\d+) gradient elements/,
    korean: (bad, count) =>
      `기울기 값 ${count}개 중 ${bad}개가 NaN이거나 무한대입니다. FGSM은 해당 픽셀을 바꾸지 않습니다.`,
  },
  "rounded-away": {
    english: /pictures shown at (.+) (are|may be) the originals/,
    korean: (epsilons, are) =>
      "0.5/255보다 작은 ε에서는 8비트 반올림으로 공격이 사라집니다. " +
      `${epsilons}에서 보이는 이미지는 원본과 ${are === "are" ? "같지만" : "같을 수 있지만"}, 예측은 ` +
      "반올림하기 전의 입력에 대한 것입니다. quantize=True로 두면 보이는 이미지 자체를 공격합니다.",
  },
  "beyond-epsilon": {
    english: /^(.+) moves pixels by up to (\S+) at ε = ([^:]+):/,
    korean: (name, distance, epsilon) =>
      `${name} 공격이 ε = ${epsilon}에서 픽셀을 최대 ${distance}까지 바꿉니다. 따라서 그 결과는 이 ε의 ` +
      "강건 정확도가 아닙니다.",
  },
  "weaker-than-fgsm": {
    english: /fools more samples than (.+) at ([^:]+):/,
    korean: (name, epsilons) =>
      `${epsilons}에서는 한 스텝뿐인 FGSM이 ${name} 공격보다 더 많은 샘플을 속입니다. 스텝 수를 늘리거나 ` +
      "스텝 크기를 바꿔야 할 수 있습니다.",
  },
  "control-as-strong": {
    english: /as many samples at ([^:]+):/,
    korean: (epsilons) =>
      `${epsilons}에서는 같은 크기의 무작위 노이즈도 그만큼 많은 샘플을 속입니다. 이 크기에서는 기울기의 ` +
      "방향이 아무것도 말해 주지 않습니다.",
  },
  "check-below": {
    english: /^of (\d+) samples (.+) leaves (\d+) right at ε = (\S+), and (.+) (\d+): what/,
    korean: (count, name, right, epsilon, stronger, held) =>
      `${epsilon}에서 샘플 ${count}개 중 ${name} 공격에는 ${right}개가 버티지만 ${stronger} 공격까지 ` +
      `하면 ${held}개만 버팁니다. ${name} 공격에 버틴다고 해서 강건한 것은 아닙니다.`,
  },
  "catastrophic-overfitting": {
    english:
      /to (.+) at ε = (\S+): of (\d+) samples it leaves (\d+) right, and (.+) (\d+), where at step (\d+) it was (\d+)(?:, and the gradient alignment (\S+), now (\S+))?:/,
    korean: (name, epsilon, count, right, stronger, held, step, before, was, now) =>
      `학습이 ε = ${epsilon}에서 ${name} 공격에 과적합되었습니다. 샘플 ${count}개 중 ${name} 공격에는 ` +
      `${right}개가 버티지만 ${stronger} 공격까지 하면 ${held}개만 버팁니다. 스텝 ${step}에서는 ${before}개였습니다` +
      `${was && now ? ` (기울기 정렬도 ${was} → ${now})` : ""}. 그 스텝의 가중치로 돌아가서, 무작위 시작점이나 더 ` +
      "작은 스텝, 정렬도를 높이는 정규화로 학습하세요.",
  },
  rises: {
    english: /from (\S+) % at (\S+) to (\S+) % at ([^:]+): (.*?),? or gradients/,
    korean: (before, from, after, to, reason) =>
      `정확도가 ${from}의 ${before} %에서 ${to}의 ${after} %로 오릅니다. ` +
      `${reason?.includes("overshoot") ? "큰 한 스텝이 목표를 지나쳤거나" : "스텝이 더 필요하거나"}, ` +
      "기울기가 가려졌을 수 있습니다.",
  },
  "holds-at-one": {
    english: /^(\d+) of (\d+) samples .* ε = ([^,]+), .* none: (.*?), or gradients/,
    korean: (right, count, epsilon, reason) =>
      `ε = ${epsilon}에서는 어떤 이미지든 다른 어떤 이미지로도 바꿀 수 있어 제대로 된 공격이라면 버티는 샘플이 ` +
      `없어야 하는데, 샘플 ${count}개 중 ${right}개가 여전히 정답입니다. ` +
      `${reason?.includes("overshoot") ? "한 스텝이 목표를 지나쳤거나" : "스텝을 밟아도 나아가지 못하거나"}, ` +
      "기울기가 가려졌을 수 있습니다. 더 작은 ε의 결과도 더 강한 공격과 견주어 본 뒤에 믿으세요.",
  },
  "does-not-transfer": {
    english: /^at ε = (\S+) .* on (\d+) of the (\d+) samples .* model on (\d+):/,
    korean: (epsilon, surrogate, right, model) =>
      `두 모델이 모두 맞힌 샘플 ${right}개 가운데, ε = ${epsilon}의 적대적 예제는 대리 모델을 ${surrogate}개에서 ` +
      `속이지만 이 모델은 ${model}개에서만 속입니다. 예제가 거의 전이되지 않으므로, 이 결과는 모델이 얼마나 견고한지가 ` +
      "아니라 두 모델이 얼마나 비슷하게 보는지를 말해 줍니다. 모델 자신의 기울기로도 공격해 보세요.",
  },
  "coarse-precision": {
    english: /otherwise of (\d+) of (\d+) samples/,
    korean: (changed, count) =>
      `낮은 정밀도로 계산하면 공격이 없어도 샘플 ${count}개 중 ${changed}개의 예측이 달라집니다. ε에서는 더 많이 ` +
      "달라질 수 있으니 precision=을 빼고 계산하세요.",
  },
  "stopped-early": {
    english:
      /^(.+) stops too early: at ε = (\S+) the last (\d+) of its (\d+) steps .* bring (\d+) %/,
    korean: (name, epsilon, last, steps, share) =>
      `${name} 공격이 너무 일찍 멈춥니다. ε = ${epsilon}에서 ${steps}스텝 가운데 마지막 ${last}스텝이 아직도 손실 ` +
      `상승분의 ${share} %를 만듭니다. 스텝을 더 밟거나 더 크게 밟아 보세요.`,
  },
  "loss-falls": {
    english: /^(.+) climbs past .* ε = (\S+) it leaves (\d+) samples right, and of (\d+) of these/,
    korean: (name, epsilon, right, fell) =>
      `${name} 공격이 정점을 지나칩니다. ε = ${epsilon}에서 정답으로 남은 샘플 ${right}개 가운데 ${fell}개는 끝에서보다 ` +
      "도중에 손실이 더 높았습니다. 스텝을 더 작게 밟아 보세요.",
  },
  "passed-by": {
    english: /^(.+) passes by .* ε = (\S+) it leaves (\d+) samples right, and on (\d+) of these/,
    korean: (name, epsilon, right, passed) =>
      `${name} 공격이 찾던 것을 지나칩니다. ε = ${epsilon}에서 정답으로 남은 샘플 ${right}개 가운데 ${passed}개는 도중에 ` +
      "모델이 틀렸습니다. 스텝을 더 작게 밟거나 재시작을 늘려 보세요.",
  },
};

/** A warning's sentence in Korean with its numbers; null where it is one of a later logger. */
export function koreanCaveat(code: string, sentence: string): string | null {
  const { english, korean } = TRANSLATIONS[code] ?? {};
  const found = english?.exec(sentence);
  return found && korean ? korean(...found.slice(1)) : null;
}
