import { defineConfig } from "vite";

export default defineConfig({
  // TensorBoard serves the files below data/plugin/fgsm/, or deeper under --path_prefix.
  base: "./",
  build: {
    outDir: "../tensorboard_fgsm/plugin/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "src/index.ts",
      // TensorBoard imports the entry and calls its `render`.
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "index.js" },
    },
  },
});
