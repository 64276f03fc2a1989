import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { git, initialise, write } from "../harness/git.js";
import { repo } from "../harness/repo.js";
import { service, statefulSet } from "./manifests.js";

/** A StatefulSet and its Service, with nothing to report. */
const clean = (name: string, image?: string): string =>
  `${statefulSet(name, ["replicas: 3"], image)}---\n${service(name)}`;

const budget = (name: string): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: ${name}
`;

/** Every file that the pages name in their commands. */
const named = {
  "k8s/db.yaml": clean("db"),
  "db.yaml": `${clean("database")}---\n${budget("database")}`,
  "old.yaml": clean("app"),
  "new.yaml": clean("app", "postgres:18"),
  "clusters/one/db/set.yaml": clean("one"),
  "deploy/kustomization.yaml": "resources: [set.yaml]\n",
  "deploy/set.yaml": clean("deployed"),
  "overlays/prod/kustomization.yaml": "resources: [set.yaml]\n",
  "overlays/prod/set.yaml": clean("prod"),
  "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 0.1.0\n",
  "charts/db/templates/set.yaml": clean("chart"),
  "argocd/app.yaml":
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: db }\nspec: { source: { path: charts/db } }\n",
  "now.yaml": dump(["one", "two", "three"]),
};

/** What kubectl prints of nodes with a pod each, and of a budget. */
function dump(nodes: readonly string[]): string {
  const labels = { app: "live" };
  const containers = [{ name: "main", image: "postgres:17" }];
  const ready = { conditions: [{ type: "Ready", status: "True" }] };
  const identity = { apiVersion: "apps/v1", kind: "StatefulSet" };
  const set = {
    ...identity,
    metadata: { name: "live", namespace: "default", uid: "set" },
    spec: {
      serviceName: "live",
      replicas: nodes.length,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
  const ownerReferences = [{ ...identity, name: "live", uid: "set", controller: true }];
  const pods = nodes.map((nodeName, ordinal) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `live-${ordinal}`, namespace: "default", labels, ownerReferences },
    spec: { nodeName, containers },
    status: { phase: "Running", ...ready },
  }));
  const limit = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "live", namespace: "default" },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  };
  const hosts = nodes.map((name) => ({ apiVersion: "v1", kind: "Node", metadata: { name }, status: ready }));
  const items = [...hosts, limit, set, ...pods];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** A repository of a user, in which `origin/main` is the last commit. */
function project(context: TestContext): string {
  const cwd = mkdtempSync(path.join(tmpdir(), "ordinal-documented-"));
  context.after(() => rmSync(cwd, { recursive: true, force: true }));
  write(cwd, named);
  initialise(cwd);
  git(cwd, "update-ref", "refs/remotes/origin/main", "HEAD");
  return cwd;
}

/** A directory with `ordinal`, as it is built. */
function program(context: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), "ordinal-bin-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, "ordinal");
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${repo("dist/cli/main.cjs")}' "$@"\n`);
  chmodSync(file, 0o755);
  return directory;
}

/** kubectl and helm: those of the tests of builds, or on the PATH. */
const tools = ["helm", "kubectl"].map((name) =>
  [repo(`test/render/tools/node_modules/.layer/${name}`), ...(process.env["PATH"] ?? "").split(path.delimiter)].find(
    (directory) => existsSync(path.join(directory, name)),
  ),
);

/** They need a registry, an editor, a cluster, or never end. Tests of packages, of the live cluster and of watching run them. */
const elsewhere = /^(?:npm|npx|code|docker) |^kubectl get |kubectl:|--watch/;
const needsTools = /^(?:kubectl|helm) | --render /;

for (const document of [
  "README.md",
  "docs/getting-started.md",
  "docs/preview.md",
  "docs/kustomize-and-helm.md",
  "docs/command-line.md",
  "docs/ci.md",
]) {
  test(`the commands of ${document} do what they say`, (context) => {
    const cwd = project(context);
    const PATH = [program(context), ...tools, process.env["PATH"]].join(path.delimiter);
    const blocks = [...readFileSync(repo(document), "utf8").matchAll(/^```sh\n([^]*?)^```$/gm)];
    const commands = blocks
      .flatMap(([, block = ""]) => block.trim().split("\n"))
      .filter((line) => !elsewhere.test(line));
    assert.ok(commands.length > 1);
    for (const command of commands) {
      if (needsTools.test(command) && tools.includes(undefined)) {
        context.diagnostic(`not run, since there is no kubectl and helm: ${command}`);
        continue;
      }
      const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", command], {
        cwd,
        env: { ...process.env, PATH },
        encoding: "utf8",
      });
      assert.equal(status, 0, `${command}\n${stdout}${stderr}`);
      for (const [, file = ""] of command.matchAll(/(?:> |--output \w+=|--baseline )([\w.-]+)/g)) {
        assert.ok(existsSync(path.join(cwd, file)), `${command} writes ${file}`);
      }
    }
  });
}
