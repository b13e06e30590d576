// Who may import whom, from the top down: index and page; dashboard; store and host; views, data and
// i18n; model. Types count as imports, except where a rule says otherwise.

// What reads TypeScript for it, as the compiler itself has no interface since its version 7. Were it
// not installed, not one file would be read, and no rule could fail.
import "@swc/core/Visitor.js";

const INSTALLED = "(^|/)node_modules/";

/** What `from` may import: nothing but `to`. */
const only = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: to },
});

/** What `from` may not import; with `kind`, only some ways of it. */
const not = (name, comment, from, to, kind = {}) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: to, ...kind },
});

const NOT_AS_TYPE = { dependencyTypesNot: ["type-only"] };

export default {
  forbidden: [
    {
      name: "no-circles",
      comment: "What two files share, a type too, lies in a third below both.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "found",
      comment: "What cannot be found cannot be judged.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    only(
      "model-alone",
      "The model knows neither the page nor where the data comes from.",
      "^src/model/",
      "^src/model/",
    ),
    only(
      "data-on-model",
      "Fetching knows what is fetched, and nothing of who looks at it.",
      "^src/data/",
      "^src/(data|model)/",
    ),
    only("i18n-alone", "The words know nothing but each other.", "^src/i18n/", "^src/i18n/"),
    only("host-alone", "TensorBoard's frame is talked to in one file.", "^src/host\\.ts$", "^$"),
    only(
      "views-draw",
      "Views draw what they are handed: they neither fetch nor talk to TensorBoard's frame.",
      "^src/views/",
      `^src/(views|model)/|^src/store\\.ts$|^src/i18n/words\\.ts$|${INSTALLED}lit/`,
    ),
    not(
      "views-handed",
      "Store and words are handed down as properties: views know their types.",
      "^src/views/",
      "^src/(store\\.ts$|i18n/)",
      NOT_AS_TYPE,
    ),
    not(
      "store-below",
      "The store knows no view.",
      "^src/store\\.ts$",
      "^src/(views/|dashboard\\.ts$)",
    ),
    not("entries-above", "Nothing knows the entries.", "^src/", "^src/(index|page)\\.ts$"),
    not(
      "source-handed",
      "Where the data comes from is handed down: whoever asks for it does not know.",
      "^src/(data/(curves|library|pictures|decoder)|store|views/.*)\\.ts$",
      "^src/data/(api|carried)\\.ts$",
    ),
    {
      name: "small-worker",
      comment: "The worker is loaded by itself: it is the decoding and its arithmetic.",
      severity: "error",
      from: { path: "^src/data/worker\\.ts$" },
      to: {
        reachable: true,
        pathNot: "^src/(data/(worker|webp)|model/(base64|pixels|examples|record))\\.ts$",
      },
    },
  ],
  options: {
    parser: "swc",
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
