import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRules, defaultConfig, type Config } from "../../../server/src/engine/api.js";
import { featureGates } from "../../../server/src/engine/kubernetes/versions.js";
import { createWorkspace, root } from "../../harness/workspace.js";
import { completionsIn, hoverIn } from "../../harness/features.js";

const uri = `${root}.ordinal.yaml`;

/** The workspace with a configuration file, and the offset of the `|` in its text. */
function open(marked: string, config: Config = defaultConfig) {
  const workspace = createWorkspace(config);
  workspace.setFile(uri, marked.replace("|", ""));
  return { analysis: workspace.snapshot(), offset: marked.indexOf("|") };
}

function offered(marked: string, config?: Config) {
  const { analysis, offset } = open(marked, config);
  return completionsIn(analysis, uri, offset, "user")?.items ?? [];
}

const ids = allRules.map(({ id }) => id);

const completions: readonly (readonly [text: string, labels: readonly string[]])[] = [
  ["|", ["kubernetesVersion", "featureGates", "profile", "loadRestrictor", "externalServices", "rules"]],
  ["profile: strict\nru|", ["kubernetesVersion", "featureGates", "loadRestrictor", "externalServices", "rules"]],
  ["kubernetesVersion: 1.3|", ["1.37", "1.36", "1.35", "1.34", "1.33", "1.32", "1.31", "1.30", "1.29", "auto"]],
  ["featureGates:\n  |", featureGates],
  ["featureGates: {EnvFiles: |}\n", ["true", "false"]],
  ["featureGates:\n  EnvFiles:\n    |\n", []],
  ["profile: |\n", ["recommended", "strict"]],
  ["rules:\n  |", ids],
  ["rules: {pdb-missing: off, |}", ids.filter((id) => id !== "pdb-missing")],
  ["rules:\n  pdb-missing: |\n", ["error", "warning", "info", "hint", "off"]],
  ["rules:\n  pdb-missing:\n    |\n", ["minReplicas", "severity"]],
  ["rules:\n  pdb-missing:\n    severity: hint\n    |\n", ["minReplicas"]],
  ["rules:\n  pdb-missing: {severity: |}\n", ["error", "warning", "info", "hint", "off"]],
  ["rules:\n  pdb-missing: {minReplicas: |}\n", ["2"]],
  ["rules:\n  service-missing:\n    |\n", ["severity"]],
  ["rules:\n  constructor:\n    |\n", []],
  ["rules:\n  pdb-missing: {constructor: |}\n", []],
  ["externalServices:\n  - |\n", []],
  ["profil:\n  |\n", []],
  ["# |\n", []],
];

describe("completion in a configuration file", () => {
  for (const [text, labels] of completions) {
    test(JSON.stringify(text), () =>
      assert.deepEqual(
        offered(text).map(({ label }) => label),
        labels,
      ),
    );
  }

  test("a severity is the word, and not the text that YAML would want in its place", () => {
    const off = offered("rules:\n  pdb-missing:|\n").find(({ label }) => label === "off");
    assert.deepEqual(off?.insert, { parts: [" off"], below: [] });
  });

  test("a map and a list go on below", () => {
    const insert = (label: string) => offered("|").find((item) => item.label === label)?.insert;
    assert.deepEqual(insert("rules"), { parts: ["rules:"], below: ["\n  ", { stop: 0, text: "" }] });
    assert.deepEqual(insert("externalServices"), {
      parts: ["externalServices:"],
      below: ["\n- ", { stop: 0, text: "" }],
    });
  });

  test("values are offered at once where there are some", () => {
    const chosen = (text: string) =>
      offered(text).flatMap(({ label, choiceFollows }) => (choiceFollows ? [label] : []));
    assert.deepEqual(chosen("|"), ["kubernetesVersion", "featureGates", "profile", "loadRestrictor", "rules"]);
    assert.deepEqual(chosen("rules:\n  pdb-missing:\n    |\n"), ["minReplicas", "severity"]);
    assert.deepEqual(chosen("rules:\n  state-on-emptydir:\n    |\n"), ["severity"]);
    assert.deepEqual(chosen("rules:\n  pdb-missing:\n    |: 3\n"), []);
  });

  test("everything that may be chosen is said to mean something", () => {
    for (const text of ["|", "featureGates:\n  |", "rules:\n  |", "rules:\n  pdb-missing:\n    |\n"])
      for (const { label, documentation } of offered(text)) assert.equal(typeof documentation, "string", label);
  });

  test("nothing beside another extension with the schema", () => {
    assert.deepEqual(offered("|", { ...defaultConfig, schemaValidation: "off" }), []);
  });

  test("a space asks only where a value begins", () => {
    const { analysis, offset } = open("profile: |\n");
    assert.equal(completionsIn(analysis, uri, offset, "space")?.items.length, 2);
    assert.equal(completionsIn(open("rules:\n  |").analysis, uri, 9, "space"), undefined);
  });
});

const hovers: readonly (readonly [text: string, marked: string, says: RegExp])[] = [
  ["pro|file: strict\n", "profile", /^Which rules run, apart from those in `rules`\.$/],
  ["profile: str|ict\n", "strict", /^Which rules run/],
  [
    "featureGates: { Env|Files: true }\n",
    "EnvFiles",
    /^`env.*Since Kubernetes 1\.34 \(alpha in 1\.34, beta since 1\.35\)$/s,
  ],
  [
    "featureGates: { MaxUnavailable|StatefulSet: true }\n",
    "MaxUnavailableStatefulSet",
    /on by default from 1\.35, off from 1\.35\.4, on from 1\.37/,
  ],
  ["rules:\n  pdb-mis|sing: off\n", "pdb-missing", /^Flags several replicas .*\. \[More\]\(https:.*pdb-missing\.md\)$/],
  ["rules:\n  pdb-missing: {min|Replicas: 3}\n", "minReplicas", /Default: `2`\.$/],
  ["rules:\n  pdb-missing: {sev|erity: off}\n", "severity", /^Replaces the severity of the rule\.$/],
];

describe("hover in a configuration file", () => {
  for (const [text, marked, says] of hovers) {
    test(JSON.stringify(text), () => {
      const { analysis, offset } = open(text);
      const hover = hoverIn(analysis, uri, offset);
      assert.ok(hover);
      assert.equal(text.replace("|", "").slice(hover.span.start, hover.span.end), marked);
      assert.match(hover.markdown, says);
    });
  }

  for (const text of [
    "fo|o: 1\n",
    "rules:\n  no-such-ru|le: off\n",
    "rules:\n  pdb-missing: {toStr|ing: 1}\n",
    "# |\n",
  ]) {
    test(`nothing at ${JSON.stringify(text)}`, () => {
      const { analysis, offset } = open(text);
      assert.equal(hoverIn(analysis, uri, offset), undefined);
    });
  }

  test("nothing beside another extension with the schema", () => {
    const { analysis, offset } = open("pro|file: strict\n", { ...defaultConfig, schemaValidation: "off" });
    assert.equal(hoverIn(analysis, uri, offset), undefined);
  });
});
