import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { allRules, kustomizationNames } from "../../server/src/engine/api.js";
import { isManifestName } from "../../server/src/lsp/manifest-names.js";
import { repo } from "../harness/repo.js";
import { filesOf } from "../harness/workspace.js";
import type { Draw } from "./mutate.js";

/** What new texts are made of. */
export interface Seeds {
  /** Files that stand together: those of an example, a fixture or a directory. */
  readonly groups: readonly ReadonlyMap<string, string>[];
  readonly texts: readonly string[];
  readonly lines: readonly string[];
  /** The names that files get. */
  readonly names: readonly string[];
}

/** The examples of the rules, the fixtures of the tests, the example projects and, if given, the files of a directory. */
export function readSeeds(corpus: string | undefined): Seeds {
  const examples = allRules.flatMap(({ examples: own }) =>
    own.flatMap(({ bad, good }) => [filesOf(bad), filesOf(good)]),
  );
  const fixtures = [
    "test/engine/rules/fixtures",
    "test/engine/kustomize/fixtures",
    "test/engine/features/fixtures",
  ].flatMap((directory) => manifestsIn(repo(directory)).map(([, text]) => filesOf(text)));
  const whole = (groups: readonly ReadonlyMap<string, string>[]) => groups.map(inParts).filter(({ size }) => size > 0);
  const own = whole([...examples, ...fixtures, ...groupsIn(repo("examples"))]);
  const others = corpus === undefined ? [] : whole(groupsIn(corpus));
  // In most manifests of others nothing is wrong.
  const times = Math.ceil((2 * others.length) / own.length) || 1;
  const groups = [...Array.from({ length: times }, () => own).flat(), ...others];
  const texts = groups.flatMap((files) => [...files.values()]);
  const lines = [...new Set(texts.flatMap((text) => text.split(/\r?\n/).map((line) => line.trim())))];
  return { groups, texts, lines: lines.filter((line) => line !== "" && line.length < 200), names: standardNames };
}

/** Only what is about StatefulSets and their like; of a long file a few documents. */
function inParts(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const parts = [...files].map(([name, text]) => [name, beginning(text)] as const);
  return new Map(
    parts.filter(([, text]) =>
      /\bkind\b.*(?:Set|Service|Kustomization|Claim|Budget|Autoscaler)|^\s*(?:patches|resources):/m.test(text),
    ),
  );
}

/** As many documents as there is room for. */
function beginning(text: string): string {
  const documents = text.split(/^(?=---)/m);
  let [kept = ""] = documents;
  for (const document of documents.slice(1)) if (kept.length + document.length < longest) kept += document;
  return kept.length > longest ? "" : kept;
}

const standardNames: readonly string[] = [
  "db.yaml",
  "service.yaml",
  "all.yml",
  "list.json",
  ".ordinal.yaml",
  "k/.ordinal.yaml",
  "db-assert.yaml",
  "ü b+c.yaml",
  "t/chainsaw-test.yaml",
  "t/ready.yaml",
  "k/base/kustomization.yaml",
  "k/base/set.yaml",
  "k/base/service.yaml",
  "k/prod/kustomization.yaml",
  "k/prod/patch.yaml",
  "k/dev/kustomization.yml",
  "k/dev/patch.json",
  "k/Kustomization",
  "c/Chart.yaml",
  "c/values.yaml",
  "c/templates/set.yaml",
  "c/templates/service.yaml",
  "c/templates/_helpers.tpl",
  "no-chart/templates/set.yaml",
];

/** A few files to begin with: a group as it is, in a kustomization or in a chart, and others. */
export function newProject(draw: Draw, seeds: Seeds): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const group = [...draw.of(seeds.groups)].slice(0, 3);
  const layout = draw.below(100);
  if (layout < 40) for (const [name, text] of group) files.set(name, text);
  else if (layout < 60) {
    const names = group.map(([name]) => name.slice(name.lastIndexOf("/") + 1));
    for (const [index, [, text]] of group.entries()) files.set(`k/base/${names[index]}`, text);
    files.set("k/base/kustomization.yaml", `resources: [${names.join(", ")}]\n`);
    files.set(
      "k/prod/kustomization.yaml",
      `resources: [../base]\n${kustomization(draw).replace(/^resources:.*\n/, "")}`,
    );
  } else if (layout < 80) {
    files.set("c/Chart.yaml", freshText(draw, seeds, "Chart.yaml"));
    // Documents with tags and others in one file.
    const texts = group.map(([, text]) =>
      draw.chance(70) ? text.replace(/\bname: *\w+/, "name: {{ .Release.Name }}") : text,
    );
    for (const text of texts) files.set(draw.of(["c/templates/set.yaml", "c/templates/service.yaml"]), text);
    files.set("c/templates/set.yaml", `${texts.join("\n---\n")}\n---\n${draw.of(seeds.texts)}`);
  }
  for (let left = files.size < 2 ? 3 : draw.below(3); left > 0; left -= 1) {
    const name = draw.of(seeds.names);
    files.set(name, freshText(draw, seeds, name));
  }
  return files;
}

/** A text for a file of this name. */
export function freshText(draw: Draw, seeds: Seeds, name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  if (kustomizationNames.includes(last)) return kustomization(draw);
  if (last === ".ordinal.yaml") return configuration(draw);
  if (last === "Chart.yaml") return "apiVersion: v2\nname: c\nversion: 1.0.0\n";
  if (last === "values.yaml") return 'a: b\nreplicas: 3\nx: true\nfullnameOverride: ""\n';
  if (last === "_helpers.tpl") return '{{- define "x" -}}\n{{ .Release.Name }}\n{{- end -}}\n';
  if (last === "chainsaw-test.yaml") return "spec:\n  steps:\n  - try:\n    - assert: { file: ready.yaml }\n";
  return draw.of(seeds.texts);
}

const longest = 3000;

function kustomization(draw: Draw): string {
  const lines = [
    "resources: [set.yaml, service.yaml]",
    "resources:\n- ../base",
    "resources: [../base, ../dev]",
    "resources: [base, prod]",
    "components: [../dev]",
  ];
  const more = [
    "namePrefix: x-",
    "nameSuffix: -y",
    "namespace: prod",
    "commonLabels: { team: a }",
    "labels: [{ pairs: { team: a }, includeSelectors: true }]",
    "labels: [{ pairs: { team: a }, includeTemplates: true }]",
    "patches: [{ path: patch.yaml }]",
    "patchesStrategicMerge: [patch.yaml]",
    "patchesJson6902: [{ target: { kind: StatefulSet }, path: patch.json }]",
    'patches: [{ target: { kind: StatefulSet }, patch: \'[{"op": "replace", "path": "/spec/replicas", "value": 2}]\' }]',
    'patches: [{ target: { kind: Service, name: d.* }, patch: \'[{"op": "remove", "path": "/spec/clusterIP"}]\' }]',
    "replicas: [{ name: db, count: 5 }]",
    "images: [{ name: postgres, newTag: 1.10 }]",
    "configMapGenerator: [{ name: db, literals: [a=b] }]",
    "replacements: [{ source: { kind: Service, name: db }, targets: [{ select: { kind: StatefulSet }, fieldPaths: [spec.serviceName] }] }]",
    "kind: Component",
    "helmCharts: [{ name: x }]",
    "unknown: field",
  ];
  return [draw.of(lines), ...Array.from({ length: draw.below(4) }, () => draw.of(more))]
    .map((line) => `${line}\n`)
    .join("");
}

function configuration(draw: Draw): string {
  return draw.of([
    "kubernetesVersion: 1.27\n",
    "profile: strict\n",
    "rules:\n  service-missing: off\n",
    "rules: { antiaffinity-missing: { minReplicas: 3 }, x: off }\n",
    "externalServices: [db, 'vault-*']\n",
    "schemaValidation: off\n",
    "kubernetesVersion: latest\nrules: [\n",
  ]);
}

/** The directories below that hold manifests, each as a group of at most six files. */
function groupsIn(directory: string): readonly ReadonlyMap<string, string>[] {
  const entries = readdirSync(directory, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const below = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => groupsIn(path.join(directory, name)));
  const own = manifestsIn(directory).slice(0, 6);
  return own.length === 0 ? below : [new Map(own), ...below];
}

function manifestsIn(directory: string): readonly (readonly [name: string, text: string])[] {
  return readdirSync(directory)
    .filter((name) => isManifestName(name) && statSync(path.join(directory, name)).isFile())
    .toSorted()
    .map((name) => [name, readFileSync(path.join(directory, name), "utf8")] as const)
    .filter(([, text]) => text.length < 40_000);
}
