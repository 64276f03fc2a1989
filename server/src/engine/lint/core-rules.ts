import { issuesUrl } from "../version.js";
import type { Rule } from "./rule.js";

/** A rule that the engine itself applies, about the text and not about a resource. */
export type CoreRule<M extends string = string> = Omit<Rule<never, M>, "check" | "kinds" | "onPartial" | "scope">;

const defineCoreRule = <const M extends string>(rule: CoreRule<M>): CoreRule<M> => rule;

export const yamlSyntax = defineCoreRule({
  id: "yaml-syntax",
  flags: "YAML that Kubernetes cannot read",
  why: `The API server and kubectl refuse the whole document. Until it can be read, no other rule looks at this document;
the other documents of the file are checked as usual.`,
  whenNotToUse:
    "For files that another tool turns into YAML first; files with Go templates (`{{`) are left alone anyway.",
  sources: [
    "https://yaml.org/spec/1.2.2/",
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  messages: { syntax: { severity: "error", text: "{problem}" } },
  examples: [
    {
      title: "A key that hangs between two levels",
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
  flags: "a document that its aliases blow up beyond what Kubernetes reads",
  why: `An alias (\`*a\`) stands for all that its anchor (\`&a\`) holds, and aliases of aliases multiply: a page of text can mean
billions of values. go-yaml, which kubectl and the API server read by, counts them and gives up with \`document contains
excessive aliasing\` as soon as nearly all values (99 %; in large documents as few as 10 %) are repetitions. Ordinal counts
as it does, and reads nothing else of the document.`,
  whenNotToUse: "Never: no Kubernetes tool reads the document.",
  sources: [
    "allowedAliasRatio in https://github.com/kubernetes-sigs/yaml/blob/v1.4.0/goyaml.v2/decode.go",
    "https://github.com/kubernetes/kubernetes/issues/83253 (CVE-2019-11253)",
  ],
  since: "0.1.0",
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
  flags: "the marks of a merge conflict that nobody has resolved",
  why: `git writes both sides of a conflict into the file, between lines that begin with \`<<<<<<<\`, \`=======\` and \`>>>>>>>\`. That
is no YAML, so nothing can be applied. Until it is resolved, no other rule looks at this document.`,
  whenNotToUse: "Never: a file with these lines cannot be applied.",
  sources: ["https://git-scm.com/docs/git-merge#_how_conflicts_are_presented (Git 2)"],
  since: "0.1.0",
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

/** The rules whose finding says that its document cannot be read at all. */
export const unreadableRules: ReadonlySet<string> = new Set([yamlSyntax.id, yamlAliasBomb.id, gitConflictMarkers.id]);

export const unusedSuppression = defineCoreRule({
  id: "unused-suppression",
  flags: "an `ordinal-disable` comment that silences nothing",
  why: `A comment that outlives the finding it was for would silence the next one unseen. It also happens when the rule's
name is misspelt: then the finding is still there, and this says why. What is wrong with the text as such (YAML that cannot
be read, say) no comment can silence.`,
  whenNotToUse: "While you run several versions of Ordinal on the same files.",
  sources: ["https://eslint.org/docs/latest/use/configure/rules#report-unused-eslint-disable-comments (ESLint 9)"],
  since: "0.1.0",
  messages: {
    unused: { severity: "info", text: "{rule} finds nothing here: the comment is not needed" },
    unknown: { severity: "warning", text: "there is no rule {rule}" },
    misspelt: { severity: "warning", text: "there is no rule {rule}; did you mean {near}?" },
    never: { severity: "warning", text: "a comment cannot silence {rule}" },
    empty: { severity: "warning", text: "the comment names no rule to silence" },
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
  why: `The API server, asked for strict validation of YAML, refuses such a manifest (\`key "replicas" already set in map\`), and
so does kustomize. kubectl and helm take the last one without a word before the server sees it: one of the two values has
no effect, and nobody sees which. In a chart's template it is therefore a warning.`,
  whenNotToUse: "Never: one of the two values has no effect.",
  sources: [
    "strict decoding in sigs.k8s.io/yaml and sigs.k8s.io/json, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl, category yaml)",
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation (Kubernetes 1.36)",
    "`kubectl label --local`, `kubectl kustomize` and `helm template` with such a file (kubectl 1.33, helm 4.1)",
  ],
  since: "0.1.0",
  structural: true,
  messages: {
    duplicate: { severity: "error", text: "{problem}" },
    inTemplate: { severity: "warning", text: "{problem}: helm takes the last one" },
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

export const configInvalid = defineCoreRule({
  id: "config-invalid",
  flags: "a setting in `.ordinal.yaml` that Ordinal cannot use",
  why: `A misspelt setting has no effect: the rule that it should switch off still speaks, or the one that it should switch
on stays silent, and nobody sees why. What cannot be used is passed over, and the rest of the file counts.`,
  whenNotToUse: "While a newer version of Ordinal, with other rules, reads the same file.",
  sources: ["https://github.com/ordinal-dev/ordinal/blob/main/README.md#configuration"],
  since: "0.1.0",
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
      title: "A version that is none",
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
  why: `This is a bug in Ordinal, not in your manifest. The finding names the part that failed, such as a rule. Everything else
goes on: other rules, other documents and other files are checked as usual, and only what the failed part would have found
is missing.

Please report it at ${issuesUrl}, with the message and, if you can, the manifest. The log of the language server and
\`ordinal lint --verbose\` show where in the code it happened. \`ordinal lint\` ends with exit code 2, so that a pipeline does
not take an incomplete check for a clean one. To go on without the failing rule, set that rule to \`off\`.`,
  whenNotToUse: "When you know of the bug and wait for the release that fixes it.",
  sources: [issuesUrl],
  since: "0.1.0",
  messages: {
    failed: {
      severity: "warning",
      text: `{part} failed: {reason}. This is a bug in Ordinal. Please report it at ${issuesUrl}`,
    },
  },
  examples: [],
});

/** The rules whose findings no comment can silence: they are about the text as such, its comments among it. */
export const unsilenceableRules: ReadonlySet<string> = new Set([
  ...unreadableRules,
  configInvalid.id,
  unusedSuppression.id,
]);

export const coreRules: readonly CoreRule[] = [
  configInvalid,
  duplicateKey,
  gitConflictMarkers,
  internalError,
  unusedSuppression,
  yamlAliasBomb,
  yamlSyntax,
];
