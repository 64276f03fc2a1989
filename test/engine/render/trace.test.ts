import assert from "node:assert/strict";
import { test } from "node:test";
import {
  builtSets,
  defaultConfig,
  readRendered,
  renderedFindings,
  type Source,
} from "../../../server/src/engine/api.js";
import { statefulSet } from "../../cli/manifests.js";
import { many } from "../../harness/fast.js";

/** Where `[[` and `]]` are around the place that a field of the one built StatefulSet is traced to. */
interface Case {
  readonly title: string;
  readonly field: readonly (string | number)[];
  /** The built StatefulSet; the annotation or comment of its origin is added. */
  readonly built: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly exact?: boolean;
}

const db = statefulSet("db", ["replicas: 3"]);
const minReady = ["spec", "minReadySeconds"];
const withMinReady = statefulSet("db", ["minReadySeconds: 5"]);

const kustomize: readonly Case[] = [
  {
    title: "a field of the base",
    field: ["spec", "replicas"],
    built: db,
    sources: { "db.yaml": db.replace("replicas", "[[replicas]]"), "kustomization.yaml": "resources: [db.yaml]" },
  },
  {
    title: "a name that a prefix was put before",
    field: ["spec", "serviceName"],
    built: statefulSet("dev-db"),
    sources: { "db.yaml": statefulSet("db").replace("serviceName", "[[serviceName]]"), "kustomization.yaml": "" },
  },
  {
    title: "the last of several patches that say the same",
    field: minReady,
    built: withMinReady,
    sources: {
      "db.yaml": statefulSet("db"),
      "one.yaml": patch("minReadySeconds: 5"),
      "two.yaml": patch("[[minReadySeconds]]: 5"),
      "kustomization.yaml": "patches: [{ path: one.yaml }, { path: two.yaml }]",
    },
  },
  {
    title: "not a patch of another set",
    field: minReady,
    built: withMinReady,
    sources: {
      "db.yaml": withMinReady.replace("minReadySeconds", "[[minReadySeconds]]"),
      "web.yaml": patch("minReadySeconds: 5").replace("name: db", "name: web"),
      "kustomization.yaml": "patchesStrategicMerge: [web.yaml]",
    },
  },
  {
    title: "an operation of a JSON patch, with an escaped key",
    field: ["spec", "template", "metadata", "labels", "example.com/part"],
    built: db.replace("        app: db\n    spec", "        app: db\n        example.com/part: a\n    spec"),
    sources: {
      "db.yaml": db,
      "ops.yaml": "- op: add\n  path: /spec/template/metadata/labels/example.com~1part\n  [[value]]: a\n",
      "kustomization.yaml": "patchesJson6902: [{ path: ops.yaml, target: { kind: StatefulSet, name: db } }]",
    },
  },
  {
    title: "within the value of an operation that appends",
    field: ["spec", "template", "spec", "containers", 1, "image"],
    built: `${db}        - name: more\n          image: more\n`,
    sources: {
      "db.yaml": db,
      "ops.yaml":
        "- op: add\n  path: /spec/template/spec/containers/-\n  value:\n    name: more\n    [[image]]: more\n",
      "kustomization.yaml": "patches: [{ path: ops.yaml, target: { kind: StatefulSet } }]",
    },
  },
  {
    title: "within a patch that stands in the kustomization, lines ended by CRLF",
    field: minReady,
    built: withMinReady,
    sources: {
      "db.yaml": statefulSet("db"),
      "kustomization.yaml":
        "patches:\r\n  - target:\r\n      kind: StatefulSet\r\n    patch: |-\r\n      - op: add\r\n        path: /spec/minReadySeconds\r\n        [[value]]: 5\r\n",
    },
  },
  {
    title: "a list whose items a patch put others before",
    field: ["spec", "template", "spec", "containers", 1, "image"],
    built: db.replace("        - name: main", "        - name: first\n          image: first\n        - name: main"),
    sources: { "db.yaml": db.replace("image", "[[image]]"), "kustomization.yaml": "" },
  },
  {
    title: "replicas of the kustomization",
    field: ["spec", "replicas"],
    built: statefulSet("prod-db", ["replicas: 7"]),
    sources: { "db.yaml": db, "kustomization.yaml": "replicas:\n  - name: db\n    count: [[7]]\n" },
  },
  {
    title: "a label of the kustomization",
    field: ["spec", "selector", "matchLabels", "stage"],
    built: db.replace("      app: db\n", "      app: db\n      stage: prod\n"),
    sources: { "db.yaml": db, "kustomization.yaml": "commonLabels:\n  stage: [[prod]]\n" },
  },
  {
    title: "not a kustomization that sets the same label on others",
    field: ["spec", "selector", "matchLabels", "stage"],
    built: db.replace("      app: db\n", "      app: db\n      stage: prod\n"),
    sources: {
      "db.yaml": db,
      "one/kustomization.yaml": "resources: [../db.yaml]\ncommonLabels:\n  stage: [[prod]]\n",
      "two/web.yaml": statefulSet("web"),
      "two/kustomization.yaml": "resources: [web.yaml]\ncommonLabels:\n  stage: prod\n",
      "kustomization.yaml": "resources: [one, two]\n",
    },
  },
  {
    title: "a component of what includes the file",
    field: minReady,
    built: withMinReady,
    sources: {
      "db.yaml": statefulSet("db"),
      "slow/patch.yaml": patch("[[minReadySeconds]]: 5"),
      "slow/kustomization.yaml": "kind: Component\npatches: [{ path: patch.yaml }]\n",
      "kustomization.yaml": "resources: [db.yaml]\ncomponents: [slow]\n",
    },
  },
  {
    title: "the object where nobody wrote the field",
    field: ["spec", "template", "spec", "dnsPolicy"],
    built: db.replace("    spec:\n", "    spec:\n      dnsPolicy: Default\n"),
    sources: { "db.yaml": db.replace("name: db", "name: [[db]]"), "kustomization.yaml": "" },
    exact: false,
  },
];
for (const { title, field, built, sources: written, exact = true } of kustomize) {
  test(`kustomize: ${title}`, () => {
    const sources = withResources(written);
    const origin = '  annotations:\n    config.kubernetes.io/origin: "path: db.yaml\\n"\n';
    const output = built.replace("metadata:\n", `metadata:\n${origin}`);
    check("kustomize", output, sources, field, exact);
  });
}

const template = statefulSet("db", ["replicas: 3"]);
const helm: readonly Case[] = [
  {
    title: "a field that is written out",
    field: ["spec", "replicas"],
    built: template,
    sources: { "db.yaml": template.replace("replicas", "[[replicas]]") },
  },
  {
    title: "the branch that says what was built",
    field: ["spec", "replicas"],
    built: template,
    sources: {
      "db.yaml": template.replace(
        "  replicas: 3\n",
        "  {{- if .Values.small }}\n  replicas: 1\n  {{- else if .Values.large }}\n  [[replicas]]: 3\n  {{- else }}\n  replicas: {{ .Values.replicas }}\n  {{- end }}\n",
      ),
    },
  },
  {
    title: "the item that an expression names",
    field: ["spec", "template", "spec", "containers", 0, "image"],
    built: template,
    sources: {
      "db.yaml": template
        .replace(
          "        - name: main",
          "        - name: other\n          image: other\n        - name: {{ .Chart.Name }}",
        )
        .replace("image: postgres", "[[image]]: postgres"),
    },
  },
  {
    title: "an item that nothing names",
    field: ["spec", "template", "spec", "affinity", "podAntiAffinity", "required", 0, "term", "topologyKey"],
    built: template.replace("    spec:\n", `    spec:\n${affinity("topologyKey: zone", "          ")}`),
    sources: {
      "db.yaml": template.replace(
        "    spec:\n",
        `    spec:\n${affinity("[[topologyKey]]: zone", "          {{- if .Values.zone }}\n          ")}`,
      ),
    },
  },
  {
    title: "where a block is included",
    field: ["spec", "template", "spec", "containers", 0, "image"],
    built: template,
    sources: {
      "db.yaml": template.replace(
        "      containers:\n        - name: main\n          image: postgres:17\n",
        "      [[containers]]:\n{{ toYaml .Values.containers | indent 8 }}\n",
      ),
    },
  },
  {
    title: "the document whose name fits",
    field: ["spec", "replicas"],
    built: template.replaceAll("db", "release-db"),
    sources: {
      "db.yaml": `${template.replaceAll("db", "{{ .Release.Name }}-web")}---\n${template.replaceAll("db", "{{ .Release.Name }}-db").replace("replicas", "[[replicas]]")}`,
    },
  },
  {
    title: "past comments, block scalars and what looks like keys in them",
    field: ["spec", "replicas"],
    built: template,
    sources: {
      "db.yaml": `{{/*\nspec:\n  replicas: 3\n*/}}\n${template.replace("spec:\n", "  annotations:\n    text: |\n      spec:\n        replicas: 3\n# replicas: 3\nspec:\n").replace("  replicas: 3\n  selector", "  [[replicas]]: 3\n  selector")}`,
    },
  },
  {
    title: "the template where nobody wrote the field",
    field: ["spec", "template", "spec", "dnsPolicy"],
    built: template.replace("    spec:\n", "    spec:\n      dnsPolicy: Default\n"),
    sources: { "db.yaml": template.replace("name: db", "name: [[db]]") },
    exact: false,
  },
  {
    title: "the file where another one holds the object",
    field: ["spec", "replicas"],
    built: template,
    sources: { "db.yaml": '# All of it\n[[{{ include "db.set" . }}]]\n' },
    exact: false,
  },
];
for (const { title, field, built, sources, exact = true } of helm) {
  test(`helm: ${title}`, () => {
    check("helm", `---\n# Source: db.yaml\n${built}`, { ...sources, "Chart.yaml": "name: db" }, field, exact);
  });
}

test("hostile sources and outputs neither throw nor hang", () => {
  const hostile = [
    "",
    "\0",
    "{{",
    "{{/*".repeat(many(2_000)),
    "- ".repeat(many(2_000)),
    "a: ".repeat(many(2_000)),
    "---\n".repeat(many(2_000)),
  ];
  for (const tool of ["kustomize", "helm"] as const) {
    for (const text of hostile) {
      const sources = ["db.yaml", "kustomization.yaml"].map((name) => ({ uri: `file:///${name}`, name, text }));
      const [root = { uri: "", name: "", text }] = sources;
      const origin = tool === "helm" ? "# Source: db.yaml\n" : "";
      const output = `${origin}${statefulSet("db").replace("serviceName: db", "serviceName: 5")}---\n${text}`;
      assert.notEqual(
        renderedFindings(readRendered("all", { tool, output, sources, values: [], root }, defaultConfig)).length,
        0,
        text.slice(0, 9),
      );
    }
  }
});

/** Most kustomizations here take in the one file. */
function withResources(sources: Case["sources"]): Case["sources"] {
  const kustomization = sources["kustomization.yaml"] ?? "";
  if (kustomization.includes("resources:")) return sources;
  return { ...sources, "kustomization.yaml": `${kustomization}\nresources: [db.yaml]\n` };
}

/** A list of one term, `before` which there may be something. */
function affinity(key: string, before: string): string {
  const list = `${before}- weight: 100\n            term:\n              ${key}\n`;
  return `      affinity:\n        podAntiAffinity:\n          required:\n${list}`;
}

function patch(field: string): string {
  return `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  ${field}\n`;
}

function check(
  tool: "kustomize" | "helm",
  output: string,
  marked: Readonly<Record<string, string>>,
  field: Case["field"],
  exact: boolean,
): void {
  const sources: readonly Source[] = Object.entries(marked).map(([name, text]) => {
    return { uri: `file:///${name}`, name, text: text.replace("[[", "").replace("]]", "") };
  });
  const root = sources.at(-1);
  assert.ok(root);
  const [built] = builtSets(readRendered("all", { tool, output, sources, values: [], root }, defaultConfig));
  assert.ok(built, "no StatefulSet was built");
  const { source, span, exact: isExact } = built.origin(built.resource.place.at(...field));
  const { text } = source;
  const found = `${text.slice(0, span.start)}[[${text.slice(span.start, span.end)}]]${text.slice(span.end)}`;
  assert.equal(
    found,
    Object.values(marked).find((one) => one.includes("[[")),
  );
  assert.equal(isExact, exact);
}
