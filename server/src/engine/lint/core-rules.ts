import { issuesUrl } from "../text/version.js";
import type { BuildFailure, PatchLoss } from "../kustomize/remark.js";
import type { Rule } from "./rule.js";

/** A rule that the engine itself applies, about the text and not about a resource. */
export type CoreRule<M extends string = string> = Omit<Rule<never, M>, "check" | "kinds" | "onPartial" | "scope">;

const defineCoreRule = <const M extends string>(rule: CoreRule<M>): CoreRule<M> => rule;

export const yamlSyntax = defineCoreRule({
  id: "yaml-syntax",
  flags: "YAML that Kubernetes cannot read",
  why: `The API server and kubectl refuse the whole document. Until it can be read, no other rule checks this document; the
other documents of the file are checked as usual.`,
  whenNotToUse:
    "For files that another tool turns into YAML first. In Helm templates, only what is wrong with all values is reported.",
  sources: [
    "https://yaml.org/spec/1.2.2/",
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "files",
  messages: { syntax: { severity: "error", text: "{problem}" } },
  examples: [
    {
      title: "A key between two levels",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
 spec:
  clusterIP: None
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
    },
  ],
});

export const yamlAliasBomb = defineCoreRule({
  id: "yaml-alias-bomb",
  flags: "a document with so many aliases that Kubernetes refuses to read it",
  why: `An alias (\`*a\`) stands for everything that its anchor (\`&a\`) contains, and aliases of aliases multiply: one page of
text can mean billions of values. go-yaml, which kubectl and the API server use, counts them and stops with \`document
contains excessive aliasing\` when almost all values (99 %; in large documents 10 %) are repetitions. Ordinal counts in
the same way, and reads nothing else of the document.`,
  whenNotToUse: "Never: no Kubernetes tool reads the document.",
  sources: [
    "allowedAliasRatio in https://github.com/kubernetes-sigs/yaml/blob/v1.4.0/goyaml.v2/decode.go",
    "https://github.com/kubernetes/kubernetes/issues/83253 (CVE-2019-11253)",
  ],
  since: "0.1.0",
  topic: "files",
  messages: { bomb: { severity: "error", text: "{problem}" } },
  examples: [
    {
      title: "Ten to the power of four",
      bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: db
data:
  a: &a [x, x, x, x, x, x, x, x, x, x]
  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
  d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
`,
      good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: db
data:
  a: &a x
  b: *a
`,
    },
  ],
});

export const gitConflictMarkers = defineCoreRule({
  id: "git-conflict-markers",
  flags: "markers of an unresolved merge conflict",
  why: `git writes both sides of a conflict into the file, between lines that begin with \`<<<<<<<\`, \`=======\` and \`>>>>>>>\`.
That is not YAML, so nothing can be applied. Until you resolve it, no other rule checks this document.`,
  whenNotToUse: "Never: a file with these lines cannot be applied.",
  sources: ["https://git-scm.com/docs/git-merge#_how_conflicts_are_presented (Git 2)"],
  since: "0.1.0",
  topic: "files",
  messages: { conflict: { severity: "error", text: "{problem}" } },
  examples: [
    {
      title: "Two branches changed one line",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
<<<<<<< HEAD
  clusterIP: None
=======
  type: NodePort
>>>>>>> expose
  selector:
    app: db
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
`,
    },
  ],
});

export const yamlNotAnObject = defineCoreRule({
  id: "yaml-not-an-object",
  flags: "a document between manifests that is not a Kubernetes object",
  why: `kubectl refuses a file if one of its documents is only a text, a list, \`{}\` or a map without \`kind\` or \`apiVersion\`:
\`Object 'Kind' is missing\`. Often it is a leftover of an edit, or a \`---\` in the middle of an object. Documents that
are empty or have only comments are not reported. Only files that also have an object are checked; for files that a
kustomization lists, \`kustomization-fails\` reports what kustomize refuses.`,
  whenNotToUse: "For files that another tool splits before kubectl reads them.",
  sources: [
    "`kubectl label --local -f` and `kubectl kustomize` with such files (kubectl 1.33)",
    "https://github.com/kubernetes/apimachinery/blob/v0.36.0/pkg/apis/meta/v1/unstructured/helpers.go",
  ],
  since: "0.1.0",
  topic: "files",
  messages: {
    value: { severity: "error", text: "`kubectl` refuses this document: {what} is not a Kubernetes object" },
    missing: { severity: "error", text: "`kubectl` refuses this document: `{field}` is missing" },
  },
  examples: [
    {
      title: "A separator in the middle of an object",
      bad: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: db
---
automountServiceAccountToken: false
`,
      good: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: db
automountServiceAccountToken: false
`,
    },
  ],
});

export const yamlDocumentIgnored = defineCoreRule({
  id: "yaml-document-ignored",
  flags: "a document that kubectl or kustomize silently drops",
  why: `kubectl and kustomize split a file at lines that begin with \`---\`, and read the first document of each part. In YAML,
\`...\` ends a document and another one can follow; these tools silently ignore it. If several JSON objects follow each
other in one file, kubectl reads all of them and kustomize only the first.`,
  whenNotToUse: "For files that you apply with a tool that reads every document.",
  sources: [
    "`kubectl label --local -f` and `kubectl kustomize` with such files (kubectl 1.33)",
    "https://github.com/kubernetes/apimachinery/blob/v0.36.0/pkg/util/yaml/decoder.go",
  ],
  since: "0.1.0",
  topic: "files",
  messages: {
    ignored: { severity: "warning", text: "`kubectl` ignores this document: it is not separated by `---`" },
    json: {
      severity: "warning",
      text: "Kustomize ignores this document: it reads only the first JSON object of a file",
    },
  },
  examples: [
    {
      title: "The second object is never applied",
      bad: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: db
...
apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
`,
      good: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: db
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
`,
    },
  ],
});

export const helmTemplateSyntax = defineCoreRule({
  id: "helm-template-syntax",
  flags: "a chart template that Helm cannot parse",
  why: `Helm parses all templates of a chart before it renders any. If one is broken, even a helper, \`helm install\`, \`helm
upgrade\` and \`helm template\` fail for the whole chart, with all values. Ordinal parses templates as Helm does: it
reports blocks without an \`end\`, unknown functions, undefined variables, and text that is not an expression.

Files in \`.helmignore\` are not checked.`,
  whenNotToUse: "If another tool than Helm renders the templates and adds its own functions.",
  sources: [
    "https://github.com/golang/go/tree/go1.25.0/src/text/template/parse (lex.go, parse.go)",
    "funcMap in https://github.com/helm/helm/blob/v4.1.4/pkg/engine/funcs.go",
    "`helm template` with thousands of changed templates (Helm 3.17 and 4.1)",
  ],
  since: "0.1.0",
  topic: "files",
  messages: { syntax: { severity: "error", text: "{problem}" } },
  examples: [
    {
      title: "A block without an end",
      bad: `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  {{- if .Values.early }}
  publishNotReadyAddresses: true
`,
      good: `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  {{- if .Values.early }}
  publishNotReadyAddresses: true
  {{- end }}
`,
    },
    {
      title: "A misspelt function",
      bad: `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
  labels:
    {{- toYml .Values.labels | nindent 4 }}
`,
      good: `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
  labels:
    {{- toYaml .Values.labels | nindent 4 }}
`,
    },
  ],
});

export const helmValuesDocuments = defineCoreRule({
  id: "helm-values-documents",
  flags: "a `values.yaml` with a second document, which only Helm 4 uses",
  why: `Helm 3 reads the first document of a values file and silently ignores the others. Helm 4 reads all and merges them: a
later value overrides an earlier one, and it fails if a document is not a map. So the same chart installs something
else after an upgrade of Helm. When Ordinal uses the default values of a chart, it leaves out those that differ.`,
  whenNotToUse: "If the chart is installed only with Helm 4.",
  sources: [
    "`helm template` of a chart with two documents in values.yaml (Helm 3.17 and 4.1.4)",
    "LoadValues in https://github.com/helm/helm/blob/v4.1.4/pkg/chart/v2/loader/load.go",
  ],
  since: "0.1.0",
  topic: "files",
  messages: {
    merged: {
      severity: "warning",
      text: "Helm 3 ignores this document, Helm 4 merges it into the one above",
    },
    refused: {
      severity: "warning",
      text: "Helm 3 ignores this document, Helm 4 refuses the chart: values must be a map",
    },
  },
  examples: [
    {
      title: "A second document",
      bad: `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/values.yaml
replicas: 1
---
replicas: 3
`,
      good: `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/values.yaml
replicas: 3
`,
    },
  ],
});

/** The rules whose finding says that its document cannot be read at all. */
export const unreadableRules: ReadonlySet<string> = new Set([yamlSyntax.id, yamlAliasBomb.id, gitConflictMarkers.id]);

export const unusedSuppression = defineCoreRule({
  id: "unused-suppression",
  flags: "an `ordinal-disable` comment that disables nothing",
  why: `If a comment stays after its finding is gone, it would hide the next one. It is also reported if the name of the rule
is misspelt: then the finding is still there, and this is the reason. Problems of the text itself, such as YAML that
cannot be read, cannot be disabled by a comment.`,
  whenNotToUse: "While you use several versions of Ordinal on the same files.",
  sources: ["https://eslint.org/docs/latest/use/configure/rules#report-unused-eslint-disable-comments (ESLint 9)"],
  since: "0.1.0",
  topic: "ordinal",
  messages: {
    unused: { severity: "info", text: "`{rule}` finds nothing here. Remove this comment" },
    unknown: { severity: "warning", text: "Rule `{rule}` does not exist" },
    misspelt: { severity: "warning", text: "Rule `{rule}` does not exist. Did you mean `{near}`?" },
    never: { severity: "warning", text: "`{rule}` cannot be disabled by a comment" },
    empty: { severity: "warning", text: "This comment names no rule to disable" },
  },
  examples: [
    {
      title: "The finding is gone",
      bad: `# ordinal-disable service-missing -- the operator makes it
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
    },
  ],
});

export const duplicateKey = defineCoreRule({
  id: "schema-duplicate-key",
  flags: "a key that is set twice in one map",
  why: `With strict validation the API server refuses such a manifest (\`key "replicas" already set in map\`), and so does
kustomize. kubectl and helm silently use the last one before the server sees it: one of the two values has no effect,
and you do not see which. In the template of a chart it is therefore a warning.`,
  whenNotToUse: "Never: one of the two values has no effect.",
  sources: [
    "strict decoding in sigs.k8s.io/yaml and sigs.k8s.io/json, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl, category yaml)",
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation (Kubernetes 1.36)",
    "`kubectl label --local`, `kubectl kustomize` and `helm template` with such a file (kubectl 1.33, helm 4.1)",
  ],
  since: "0.1.0",
  topic: "fields",
  structural: "yaml",
  messages: {
    duplicate: { severity: "error", text: "{problem}" },
    inTemplate: { severity: "warning", text: "{problem}. Helm uses the last one" },
  },
  examples: [
    {
      title: "Two types",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ClusterIP
  ports:
    - port: 5432
  type: NodePort
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:
    - port: 5432
  type: NodePort
`,
    },
  ],
});

export const kustomizationFails = defineCoreRule<BuildFailure>({
  id: "kustomization-fails",
  flags: "what makes `kustomize build` and `kubectl apply -k` fail",
  why: `Kustomize stops at the first problem and builds nothing, often with a message that has no file or line. Ordinal
reports what certainly fails, at the line that must change: unknown fields and wrong types, patches and \`replicas\`
that match no resource, JSON patches whose path or \`test\` does not match, replacements without a source or a target,
resources with the same id, files that do not exist.`,
  whenNotToUse: "For kustomizations that another tool completes before they are built.",
  sources: [
    "`kubectl kustomize` 1.33 and 1.36 (kustomize 5.6.0 and 5.8.1), run for each of the messages",
    "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ (kustomize 5.8)",
  ],
  since: "0.1.0",
  topic: "files",
  messages: {
    ambiguous: { severity: "error", text: "This directory has more than one kustomization file: Kustomize refuses it" },
    annotationKey: {
      severity: "error",
      text: "Kustomize cannot write the annotation key `{key}`, with or without quotes: the build fails",
    },
    component: {
      severity: "error",
      text: "`{path}` is a Component: list it in `components`, Kustomize refuses it here",
    },
    cycle: { severity: "error", text: "`{path}` contains this kustomization: Kustomize refuses the cycle" },
    directive: { severity: "error", text: "`$patch: {value}` is not valid. Use `delete`, `merge` or `replace`" },
    duplicateId: {
      severity: "error",
      text: "{kind} `{name}` is already in this build: Kustomize refuses two resources with the same id",
    },
    empty: { severity: "error", text: "This kustomization is empty: Kustomize refuses it" },
    expression: { severity: "error", text: "`{expression}` is not a valid regular expression: the build fails" },
    fileMissing: { severity: "error", text: "`{path}` does not exist: the build fails" },
    generatorExists: {
      severity: "error",
      text: "{kind} `{name}` already exists: the build fails. Set `behavior` to `merge` or `replace` to change it",
    },
    generatorMissing: {
      severity: "error",
      text: "{kind} `{name}` does not exist, so it cannot be merged or replaced: the build fails",
    },
    indexMissing: { severity: "error", text: "Item `{index}` does not exist, the list has {count}: the build fails" },
    keyMissing: { severity: "error", text: "`{key}` does not exist, so it cannot be removed: the build fails" },
    keyNotText: {
      severity: "error",
      text: "The key `{key}` is not text: Kustomize cannot write it. Put quotes around it",
    },
    kustomizationFile: {
      severity: "error",
      text: "`{path}` is a kustomization file: list its directory instead, Kustomize refuses the file",
    },
    literal: { severity: "error", text: "`{literal}` is not valid. Use `KEY=VALUE`" },
    literalKey: {
      severity: "error",
      text: "Kustomize cannot write the key `{key}`, which YAML does not read as text: the build fails",
    },
    literalTwice: { severity: "error", text: "The key `{key}` is already set: Kustomize refuses it" },
    mergeKeys: { severity: "error", text: "Kustomize refuses a second `<<` in one map. Use one `<<` with a list" },
    noComponent: {
      severity: "error",
      text: "`{path}` is not a Component: list it in `resources`, or set its `kind` to `Component`",
    },
    noKustomization: { severity: "error", text: "The directory `{path}` has no kustomization file: the build fails" },
    noName: { severity: "error", text: "A generator needs a `name`: the build fails" },
    noResource: { severity: "error", text: "This resource has no `{lacks}`: the build fails" },
    operation: {
      severity: "error",
      text: "`op: {operation}` is not valid. Use `add`, `remove`, `replace`, `move`, `copy` or `test`",
    },
    operationField: { severity: "error", text: "This operation needs a valid `{field}`: the build fails" },
    parentMissing: { severity: "error", text: "The path does not exist from `{step}` onwards: the build fails" },
    patchChoice: { severity: "error", text: "A patch needs either `path` or `patch`: the build fails" },
    patchIdentity: {
      severity: "error",
      text: "A patch needs `kind` and `metadata.name`, even if it has a `target`: the build fails",
    },
    patchShape: { severity: "error", text: "This is a {is}, and the resource has a {base} here: the build fails" },
    patchTarget: {
      severity: "error",
      text: "{kind} `{name}`{where} {whose} does not exist, so it cannot be patched: the build fails",
    },
    patchTargets: {
      severity: "error",
      text: "{count} resources match {kind} `{name}`: Kustomize does not know which one to patch",
    },
    replacementChoice: { severity: "error", text: "A replacement needs a `source` and `targets`: the build fails" },
    replacementField: { severity: "error", text: "{what} has no `{path}` to copy a value from: the build fails" },
    replacementSource: {
      severity: "error",
      text: "{what} does not exist, so no value can be copied from it: the build fails",
    },
    replacementSources: {
      severity: "error",
      text: "{count} resources match {what}: Kustomize does not know which one to copy the value from",
    },
    replacementTarget: {
      severity: "error",
      text: "A target has no `{path}`: the build fails. Use `options: {create: true}` to add it",
    },
    replicas: {
      severity: "error",
      text: "Workload `{name}` does not exist, so its replicas cannot be set: the build fails",
    },
    test: { severity: "error", text: "The test fails: `{path}` is `{found}`. Nothing is built" },
    twoPatches: { severity: "error", text: "A patch with a `target` must be one document: the build fails" },
    unknownField: { severity: "error", text: "Unknown field `{field}`: Kustomize refuses this kustomization" },
    unreadable: { severity: "error", text: "Kustomize cannot read this file: {problem}" },
    wrongKind: { severity: "error", text: "`kind: {kind}` is not valid here. Use `Kustomization` or `Component`" },
    wrongType: { severity: "error", text: "`{field}: {is}` must be {should}: Kustomize refuses this kustomization" },
    wrongVersion: { severity: "error", text: "The `apiVersion` of a {kind} must be `{version}`: the build fails" },
  },
  examples: [
    {
      title: "A tag that YAML reads as a number",
      bad: `# file: kustomization.yaml
resources: [db.yaml]
images:
  - name: postgres
    newTag: 17.10
# file: db.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
      good: `# file: kustomization.yaml
resources: [db.yaml]
images:
  - name: postgres
    newTag: "17.10"
# file: db.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
    },
    {
      title: "Replicas of a set with another name",
      bad: `# file: kustomization.yaml
resources: [db.yaml]
replicas:
  - name: database
    count: 3
# file: db.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
      good: `# file: kustomization.yaml
resources: [db.yaml]
# file: db.yaml
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
    },
  ],
});

export const patchItemWithoutKey = defineCoreRule<PatchLoss>({
  id: "patch-item-without-key",
  flags: "an item of a patch without the key that its list is merged by",
  why: `Kustomize merges \`containers\`, \`env\`, \`volumes\`, \`volumeMounts\` and other lists item by item, by a key such as \`name\`.
An item without the key cannot be matched, and the build does not fail: if the list has one key, every item that the
patch does not name is dropped, so a patch with \`containers: [{image: x}]\` leaves the pod without containers. In
\`ports\` the item itself is ignored, or added as a new one.`,
  whenNotToUse: "Never: the build does not have what the patch says.",
  sources: [
    "https://github.com/kubernetes-sigs/kustomize/issues/5369",
    "`kubectl kustomize` 1.31, 1.33, 1.34 and 1.36 (kustomize 5.4.2 to 5.8.1), run for each of the lists",
  ],
  since: "0.1.0",
  topic: "files",
  messages: {
    list: {
      severity: "warning",
      text: "This item of `{list}` has no `{key}`: Kustomize drops every item of `{list}` that the patch does not name",
    },
    item: {
      severity: "warning",
      text: "This item of `{list}` has no `{key}`: Kustomize ignores it, or adds it as a new item",
    },
  },
  examples: [
    {
      title: "An image for every container",
      bad: `# file: kustomization.yaml
resources: [db.yaml]
patches:
  - path: patch.yaml
# file: db.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
# file: patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  template:
    spec:
      containers:
        - image: postgres:18
`,
      good: `# file: kustomization.yaml
resources: [db.yaml]
patches:
  - path: patch.yaml
# file: db.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
# file: patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: db
spec:
  template:
    spec:
      containers:
        - name: db
          image: postgres:18
`,
    },
  ],
});

export const configInvalid = defineCoreRule({
  id: "config-invalid",
  flags: "a setting in `.ordinal.yaml` that Ordinal cannot use",
  why: `A misspelt setting has no effect: the rule that you disabled still reports, or the one that you enabled does not, and
you do not see why. Ordinal ignores what it cannot use, and uses the rest of the file.`,
  whenNotToUse: "While a newer version of Ordinal, with other rules, reads the same file.",
  sources: ["https://github.com/ordinal-dev/ordinal/blob/main/docs/configuration.md"],
  since: "0.1.0",
  topic: "ordinal",
  messages: {
    invalid: { severity: "warning", text: "{problem}" },
    noted: { severity: "info", text: "{problem}" },
  },
  examples: [
    {
      title: "A misspelt rule",
      bad: `# file: .ordinal.yaml
rules:
  service-mising: off
`,
      good: `# file: .ordinal.yaml
rules:
  service-missing: off
`,
    },
    {
      title: "A version that does not exist",
      bad: `# file: .ordinal.yaml
kubernetesVersion: latest
`,
      good: `# file: .ordinal.yaml
kubernetesVersion: 1.36
`,
    },
  ],
});

export const internalError = defineCoreRule({
  id: "internal-error",
  flags: "a manifest on which a part of Ordinal itself fails",
  why: `This is a bug in Ordinal, not in your manifest. The finding names the part that failed, such as a rule. Other rules, other
documents and other files are checked as usual. Only the findings of the failed part are missing.

Please report it at ${issuesUrl}, with the message and, if you can, the manifest. The log of the language server and
\`ordinal lint --verbose\` show where in the code it happened. \`ordinal lint\` ends with exit code 2, so that a pipeline
does not treat an incomplete check as a clean one. To continue without the failing rule, set that rule to \`off\`.`,
  whenNotToUse: "If you know the bug and wait for the release that fixes it.",
  sources: [issuesUrl],
  since: "0.1.0",
  topic: "ordinal",
  messages: {
    failed: {
      severity: "warning",
      text: `{part} failed: {reason}. This is a bug in Ordinal. Please report it at ${issuesUrl}`,
    },
  },
  examples: [],
});

/** The rules that a comment cannot disable: they are about the text itself, which includes its comments. */
export const unsilenceableRules: ReadonlySet<string> = new Set([
  ...unreadableRules,
  helmTemplateSyntax.id,
  helmValuesDocuments.id,
  configInvalid.id,
  unusedSuppression.id,
  yamlDocumentIgnored.id,
  yamlNotAnObject.id,
]);

export const coreRules: readonly CoreRule[] = [
  configInvalid,
  duplicateKey,
  gitConflictMarkers,
  helmTemplateSyntax,
  helmValuesDocuments,
  internalError,
  kustomizationFails,
  patchItemWithoutKey,
  unusedSuppression,
  yamlAliasBomb,
  yamlDocumentIgnored,
  yamlNotAnObject,
  yamlSyntax,
];
