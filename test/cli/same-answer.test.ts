import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { createWorkspace, defaultConfig } from "../../server/src/engine/api.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const autoscaler = (name: string) =>
  `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: ${name} }\nspec: { maxReplicas: 9, scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: ${name} } }\n`;
const budget = (name: string) =>
  `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${name} }\nspec: { minAvailable: 2, selector: { matchLabels: { app: ${name} } } }\n`;
const kustomization = (prefix: string) => `namePrefix: ${prefix}-\nresources: [set.yaml, scaler.yaml]\n`;

const name = fc.constantFrom("db", "web");
/** What a folder may hold; few names, so that folders hold the same objects. */
const folder = fc.record(
  {
    "set.yaml": name.map((one) => statefulSet(one, ["replicas: 2"])),
    "service.yaml": fc.tuple(name, name).map(([one, app]) => service(one, app)),
    "scaler.yaml": name.map(autoscaler),
    "budget.yaml": name.map(budget),
    "kustomization.yaml": name.map(kustomization),
    ".ordinal.yaml": fc.constant("rules: { replicas-with-hpa: error }\n"),
  },
  { requiredKeys: [] },
);
const folders = ["", "a/", "b/", "a/x/", "b/x/", "b/x/y/"] as const;
const workspaces = fc
  .tuple(...folders.map(() => folder))
  .map((all) =>
    Object.fromEntries(
      all.flatMap((files, index) =>
        Object.entries(files).map(([file, text]) => [`${folders[index] ?? ""}${file}`, text] as const),
      ),
    ),
  );

interface Reported {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

/** What is said of one file when `target` is linted in `cwd`. */
async function saidOf(file: string, target: string, cwd: string): Promise<readonly string[]> {
  const { stdout } = await ordinal(["lint", "--format", "json", path.relative(cwd, target) || "."], { cwd });
  const { findings }: { readonly findings: readonly Reported[] } = JSON.parse(stdout);
  return findings
    .filter((finding) => path.resolve(cwd, finding.file) === file)
    .map(({ line, rule, severity, message }) => `${line} ${severity} ${rule}: ${message}`)
    .toSorted();
}

/** The same by the engine, which knows all files at once, as an editor does. */
function saidByEngine(root: string, files: Readonly<Record<string, string>>, file: string): readonly string[] {
  const workspace = createWorkspace(defaultConfig);
  for (const [one, text] of Object.entries(files)) workspace.setFile(pathToFileURL(path.join(root, one)).href, text);
  workspace.setComplete(true);
  const analysis = workspace.snapshot();
  const uri = pathToFileURL(file).href;
  return analysis
    .findings(uri)
    .map(({ span, severity, rule, text }) => {
      const line = (analysis.lines(uri)?.position(span.start).line ?? 0) + 1;
      return `${line} ${severity} ${rule}: ${text}`;
    })
    .toSorted();
}

for (const isRepository of [true, false]) {
  const where = isRepository ? "in a repository" : "outside of any repository";
  test(`what is said of a file hangs neither on what is linted nor on where, ${where}`, async (context) => {
    await fc.assert(
      fc.asyncProperty(workspaces, fc.nat(), async (files, choice) => {
        const names = Object.keys(files).filter((one) => !one.endsWith(".ordinal.yaml"));
        const chosen = names[choice % Math.max(names.length, 1)];
        if (chosen === undefined) return;
        const root = directoryWith(context, {
          ...Object.fromEntries(Object.entries(files).map(([one, text]) => [`project/${one}`, text])),
          ...(isRepository ? { "project/.git/HEAD": "" } : {}),
          "elsewhere/notes.txt": "",
        });
        const project = path.join(root, "project");
        const file = path.join(project, chosen);
        const directory = path.dirname(file);
        const expected = saidByEngine(project, files, file);
        for (const target of [file, directory, path.dirname(directory), project]) {
          for (const cwd of [project, directory, root, path.join(root, "elsewhere")]) {
            const said = await saidOf(file, target, cwd);
            assert.deepEqual(said, expected, `${path.relative(root, target)} from ${path.relative(root, cwd)}`);
          }
        }
      }),
      { numRuns: 8 },
    );
  });
}
