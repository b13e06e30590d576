import { defineConfig, mergeConfig } from "vite";
import dashboard from "./vite.config.ts";

// The dashboard as one script, for the page that `tensorboard-fgsm export` writes: nothing of it is
// loaded later, as such a page has nowhere to load from.
export default mergeConfig(
  dashboard,
  defineConfig({
    build: {
      outDir: "../tensorboard_fgsm/command/static",
      rolldownOptions: {
        input: "src/page.ts",
        preserveEntrySignatures: false,
        output: { entryFileNames: "page.js", codeSplitting: false },
      },
    },
  }),
);
