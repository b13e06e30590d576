// The words of what is taken along as a file, in English.

export const englishExports = {
  saveChart: (format: string) => `Chart (${format})`,
  savePredictions: "Predictions by class at this ε (CSV)",
  saveSheet: "Shown samples on one sheet (PNG)",
  cancel: "Cancel",
  sheetProgress: (done: string, all: string) => `Sheet: ${done} of ${all}`,
  sheetCut: (shown: string, all: string) =>
    `There is room for ${shown} of ${all} samples: filters choose others`,
  notSaved: "The file could not be made",
};
