import { defineConfig, type Plugin } from "vite";

/** Takes out of the views' templates and styles what means nothing there: indentation, comments. */
const unindented: Plugin = {
  name: "unindented",
  apply: "build",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("/src/views/")) return null;
    return code.replace(/\bcss`[^`]*`/g, tight).replace(/\n\s+/g, "\n");
  },
};

/** A style without comments, and without the spaces that separate nothing. */
function tight(style: string): string {
  return style
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,>]) ?|(:) /g, "$1$2")
    .replace(/;}/g, "}");
}

/** What is loaded later needs nothing before it: Vite's own helper would fetch its style sheets. */
const unprepared: Plugin = {
  name: "unprepared",
  apply: "build",
  enforce: "pre",
  load: (id) =>
    id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : null,
};

export default defineConfig({
  plugins: [unindented, unprepared],
  // TensorBoard serves the files below data/plugin/fgsm/, or deeper under --path_prefix.
  base: "./",
  build: {
    outDir: "../tensorboard_fgsm/plugin/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: "src/index.ts",
      // TensorBoard imports the entry and calls its `render`. What is loaded later takes what both need
      // from there, too, so that all that is needed at first is one file.
      preserveEntrySignatures: "allow-extension",
      output: { entryFileNames: "index.js" },
    },
  },
});
