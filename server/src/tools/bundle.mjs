// Bundles what is shipped into dist/: the extension, the two commands and the preview page, with the licences of what is
// in them. Run by `npm run build`.
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { notices } from "./notices.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export const node = { bundle: true, platform: "node", format: "cjs", target: "node20", sourcemap: true };
// Packages that ship both forms are taken as ES modules: esbuild can then leave out what is not used.
export const mainFields = ["module", "main"];
export const command = {
  ...node,
  mainFields,
  // Which a bundle of CommonJS has not, and packages may look for theirs by.
  define: { "import.meta.url": "importMetaUrl" },
  banner: {
    js: '#!/usr/bin/env node\n"use strict";\nconst importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
  },
};
const web = { bundle: true, platform: "browser", target: "es2023", sourcemap: true };
const page = { bundle: true, platform: "browser", target: "chrome132", minify: true };

/** What the extension runs in a browser: nothing of Node is there. */
export const browser = [
  {
    ...web,
    entryPoints: ["client/src/browser/main.ts"],
    outfile: "dist/browser/extension.js",
    format: "cjs",
    external: ["vscode"],
  },
  { ...web, entryPoints: ["server/src/browser/main.ts"], outfile: "dist/browser/server.js", format: "iife" },
];

/** What the extension runs beside the files, in Node. */
export const desktop = [
  {
    ...node,
    mainFields,
    entryPoints: ["client/src/node/main.ts"],
    outfile: "dist/client/extension.cjs",
    external: ["vscode"],
  },
  { ...command, entryPoints: ["server/src/node/main.ts"], outfile: "dist/server/main.cjs" },
];

/** What panels show. */
export const pages = [
  { ...page, entryPoints: ["client/src/webview/view/main.tsx"], outfile: "dist/webview/rollout.js", format: "iife" },
  { ...page, entryPoints: ["client/src/webview/style.css"], outfile: "dist/webview/rollout.css" },
];

const bundles = [
  ...desktop,
  ...browser,
  ...pages,
  { ...command, entryPoints: ["server/src/cli/commands/main.ts"], outfile: "dist/cli/main.cjs" },
];

/**
 * Makes bundles with the licences of what is in them: all in `place`, and those of a command beside it too, since it may
 * be taken from there alone. Throws where esbuild fails, which shows its errors, or a licence is missing.
 * @param {string} folder that the bundles' paths are relative to
 * @param {readonly import("esbuild").BuildOptions[]} wanted
 * @param {string} place for the licences of all
 */
export async function bundle(folder, wanted, place = "dist") {
  const options = { absWorkingDir: folder, logLevel: "warning", metafile: true };
  const made = await Promise.all(
    wanted.map(async (one) => ({ ...one, metafile: (await build({ ...one, ...options })).metafile })),
  );
  const write = (beside, metafiles) =>
    writeFileSync(path.join(folder, beside, "THIRD-PARTY-NOTICES.txt"), notices(folder, metafiles));
  write(
    place,
    made.map(({ metafile }) => metafile),
  );
  for (const { banner, outfile, metafile } of made) {
    if (!banner) continue;
    chmodSync(path.join(folder, outfile), 0o755);
    if (path.dirname(outfile) !== place) write(path.dirname(outfile), [metafile]);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await bundle(root, bundles);
  } catch (error) {
    if (!("errors" in error)) console.error(error.message);
    process.exitCode = 1;
  }
}
