// Bundles what is shipped into dist/: the extension, the two commands and the preview page. Run by `npm run build`.
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const node = { bundle: true, platform: "node", format: "cjs", target: "node20", sourcemap: true };
// Packages that ship both forms are taken as ES modules: esbuild can then leave out what is not used.
const mainFields = ["module", "main"];
const command = {
  ...node,
  mainFields,
  // Which a bundle of CommonJS has not, and packages may look for theirs by.
  define: { "import.meta.url": "importMetaUrl" },
  banner: {
    js: '#!/usr/bin/env node\n"use strict";\nconst importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
  },
};
const page = { bundle: true, platform: "browser", target: "chrome132", minify: true };

const bundles = [
  {
    ...node,
    mainFields,
    entryPoints: ["client/src/node/main.ts"],
    outfile: "dist/client/extension.cjs",
    external: ["vscode"],
  },
  { ...command, entryPoints: ["server/src/node/main.ts"], outfile: "dist/server/main.cjs" },
  { ...command, entryPoints: ["server/src/cli/main.ts"], outfile: "dist/cli/main.cjs" },
  { ...page, entryPoints: ["client/src/webview/main.tsx"], outfile: "dist/webview/rollout.js", format: "iife" },
  { ...page, entryPoints: ["client/src/webview/style.css"], outfile: "dist/webview/rollout.css" },
];

await Promise.all(bundles.map((bundle) => build({ ...bundle, absWorkingDir: root, logLevel: "warning" }))).catch(() => {
  process.exit(1); // esbuild has shown its errors
});
for (const { banner, outfile } of bundles) if (banner) chmodSync(new URL(outfile, `file://${root}`), 0o755);
