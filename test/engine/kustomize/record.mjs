// Records what the real kustomize builds: node test/engine/kustomize/record.mjs [KUBECTL]
// For each fixture every directory with a kustomization that is no component is built with `kubectl kustomize`
// (kubectl 1.33, kustomize 5.6), and written as JSON beside it.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseAllDocuments } from "yaml";

const kubectl = process.argv[2] ?? "kubectl";
const fixtures = path.join(import.meta.dirname, "fixtures");
for (const name of readdirSync(fixtures).filter((file) => file.endsWith(".yaml"))) {
  const directory = mkdtempSync(path.join(tmpdir(), "kustomize-"));
  const kustomizations = [];
  for (const part of readFileSync(path.join(fixtures, name), "utf8").split(/^(?=# file: )/m)) {
    const file = /^# file: (\S+)\n/.exec(part)?.[1];
    if (file === undefined) continue;
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), part);
    if (/(?:^|\/)kustomization\.ya?ml$/.test(file) && !part.includes("kind: Component")) {
      kustomizations.push(path.dirname(file));
    }
  }
  const built = {};
  for (const kustomization of kustomizations) {
    const output = execFileSync(kubectl, ["kustomize", path.join(directory, kustomization)], { encoding: "utf8" });
    const objects = parseAllDocuments(output, { version: "1.1" }).map((document) => document.toJS());
    // What lists transformers is not built by itself.
    if (objects.some(({ apiVersion }) => apiVersion !== "builtin")) built[kustomization] = objects;
  }
  rmSync(directory, { recursive: true });
  writeFileSync(path.join(fixtures, name.replace(".yaml", ".built.json")), `${JSON.stringify(built, null, 2)}\n`);
}
