import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { directoryWith } from "../../cli/ordinal.js";
import { partCases } from "../../harness/parts.js";
import { toolDirectories } from "./tools.js";

const kubectl = path.join(toolDirectories.kubectl, "kubectl");

/** The names of the objects that a command of kubectl prints, or `refused`. */
function names(argv: readonly string[], input: string): string {
  const { status, stdout } = spawnSync(kubectl, argv, { input, encoding: "utf8", env: { KUBECONFIG: "none" } });
  if (status !== 0) return "refused";
  return Array.from(stdout.matchAll(/^ {2}name: (\w+)/gm), ([, name]) => name).join(" ");
}

describe("what the real kubectl reads in a file", () => {
  for (const { title, text, kubectl: expected } of partCases) {
    test(title, () => {
      assert.equal(names(["label", "--local", "-f", "-", "a=b", "-o", "yaml"], text), expected);
    });
  }
});

describe("what the real kustomize reads in a file", () => {
  for (const { title, text, kubectl: same, kustomize = { kubectl: same } } of partCases) {
    test(title, (context) => {
      const cwd = directoryWith(context, { "kustomization.yaml": "resources: [main.yaml]\n", "main.yaml": text });
      assert.equal(names(["kustomize", cwd], ""), kustomize.kubectl);
    });
  }
});
