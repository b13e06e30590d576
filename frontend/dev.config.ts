import { defineConfig, loadEnv, type Plugin } from "vite";

const { TENSORBOARD_ADDRESS: tensorboard = "http://localhost:6006" } = loadEnv(
  "",
  ".",
  "TENSORBOARD_",
);

/** Where TensorBoard serves the plugin, and its page expects the entry. */
const PLUGIN = "/data/plugin/fgsm/";

/** The entry, made of the sources; Vite's client reloads the tab when one of them changes. */
const ENTRY = `import "${PLUGIN}@vite/client";
export { render } from "${PLUGIN}src/index.ts";
`;

const entry: Plugin = {
  name: "entry-from-sources",
  configureServer(server) {
    server.middlewares.use(`${PLUGIN}index.js`, (_request, response) => {
      response.setHeader("content-type", "text/javascript");
      response.setHeader("cache-control", "no-store");
      response.end(ENTRY);
    });
    // Below Vite's own address there is no page: the one to open is TensorBoard's.
    server.printUrls = () => {
      const [address = ""] = server.resolvedUrls?.local ?? [];
      server.config.logger.info(`  ${new URL("/#fgsm", address)}  (data: ${tensorboard})`);
    };
  },
};

// `npm run dev`: TensorBoard's own page and answers, with the dashboard from its sources.
export default defineConfig({
  base: PLUGIN,
  appType: "custom",
  // There is no HTML file in which Vite could see what to prepare.
  optimizeDeps: { entries: ["src/index.ts"] },
  plugins: [entry],
  server: {
    proxy: {
      // The routes, for which the sources ask beside api.ts, as the built dashboard beside itself.
      [`^${PLUGIN}src/data/\\w+\\?`]: {
        target: tensorboard,
        rewrite: (path) => path.replace("src/data/", ""),
      },
      // All that is not the dashboard's.
      [`^/(?!${PLUGIN.slice(1)})`]: { target: tensorboard },
    },
  },
});
