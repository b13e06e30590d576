// Writes src/model/record.ts from the JSON Schema of a record, which Python's tests write; with --check,
// fails when the committed file is not what the schema gives.

import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const SCHEMA = new URL("../../tests/golden/record.schema.json", import.meta.url);
const TYPES = new URL("../src/model/record.ts", import.meta.url);

/** Writes a tuple the older way: the compiler does not know `prefixItems` of JSON Schema 2020. */
function tuple(_key, value) {
  if (!value?.prefixItems) return value;
  const { prefixItems, ...rest } = value;
  return { ...rest, items: prefixItems, additionalItems: false };
}

const schema = JSON.parse(await readFile(SCHEMA, "utf8"), tuple);
const types = await compile(schema, "Record", {
  additionalProperties: false,
  bannerComment: "// Made by `npm run types` from the JSON Schema of a record; do not edit.",
  style: { printWidth: 100 },
});

if (!process.argv.includes("--check")) {
  await writeFile(TYPES, types);
} else if ((await readFile(TYPES, "utf8")) !== types) {
  console.error("src/model/record.ts is not what the schema gives: run `npm run types`");
  process.exitCode = 1;
}
