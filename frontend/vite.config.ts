import { defineConfig, type Plugin } from "vite";

/** Takes the indentation out of the views' templates and styles, where it means nothing. */
const unindented: Plugin = {
  name: "unindented",
  apply: "build",
  enforce: "pre",
  transform(code, id) {
    return id.includes("/src/views/") ? code.replace(/\n\s+/g, "\n") : null;
  },
};

export default defineConfig({
  plugins: [unindented],
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
