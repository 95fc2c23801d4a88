// Fails when the production build outgrows its budget (gzip, kB): entry 170, any lazy chunk 60, style sheets 25.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", dist), "utf8"));
const kilobytes = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;
const closure = (key, seen = new Set()) => {
  if (!seen.has(key)) {
    seen.add(key);
    for (const next of manifest[key].imports ?? []) closure(next, seen);
  }
  return seen;
};

const chunks = Object.entries(manifest).filter(([, chunk]) => chunk.file.endsWith(".js"));
const entryKey = chunks.find(([, chunk]) => chunk.isEntry)[0];
const entryFiles = closure(entryKey);
const styles = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));
const rows = [
  ["entry", [...entryFiles].reduce((sum, key) => sum + kilobytes(manifest[key].file), 0), 170],
  ["style sheets", [...styles].reduce((sum, file) => sum + kilobytes(file), 0), 25],
  ...chunks.filter(([key]) => !entryFiles.has(key)).map(([key, chunk]) => [`lazy ${key}`, kilobytes(chunk.file), 60]),
];
for (const [name, size, limit] of rows) {
  console.log(`${size <= limit ? "ok  " : "OVER"} ${size.toFixed(1).padStart(6)} of ${limit} kB  ${name}`);
}
process.exitCode = rows.some(([, size, limit]) => size > limit) ? 1 : 0;
