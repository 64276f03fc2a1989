import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig, type Config } from "../../../server/src/engine/api.js";
import { applied, found } from "../../harness/examples.js";
import { createWorkspace, analyse, root } from "../../harness/workspace.js";

const uri = `${root}a/b/db.yaml`;

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: Partial<Config>;
  readonly flags?: Partial<Config>;
  readonly expected: Partial<Config>;
}

const strict = { profile: "strict" } as const;
const cases: readonly Case[] = [
  { title: "no file: the settings", files: {}, settings: strict, expected: strict },
  { title: "a file beside", files: { "a/b/.ordinal.yaml": "profile: strict" }, expected: strict },
  { title: "a file above", files: { ".ordinal.yaml": "profile: strict" }, expected: strict },
  { title: "a file below or beside the way", files: { "a/c/.ordinal.yaml": "profile: strict" }, expected: {} },
  { title: "another name", files: { "a/b/ordinal.yaml": "profile: strict" }, expected: {} },
  {
    title: "a file over settings",
    files: { ".ordinal.yaml": "profile: recommended" },
    settings: strict,
    expected: { profile: "recommended" },
  },
  {
    title: "flags over a file",
    files: { ".ordinal.yaml": "profile: strict\nkubernetesVersion: 1.30" },
    flags: { profile: "recommended" },
    expected: { profile: "recommended", kubernetesVersion: { minor: 30 } as Config["kubernetesVersion"] },
  },
  {
    title: "the nearest file that has a setting, setting by setting and rule by rule",
    files: {
      ".ordinal.yaml": "kubernetesVersion: 1.30\nprofile: strict\nrules: { service-missing: off, yaml-syntax: error }",
      "a/.ordinal.yaml": "profile: recommended\nrules:\n  service-missing: hint\n",
    },
    expected: {
      profile: "recommended",
      kubernetesVersion: { minor: 30 } as Config["kubernetesVersion"],
      rules: { "service-missing": "hint", "yaml-syntax": "error" },
    },
  },
  {
    title: "the Services of others, in place of those of the settings",
    files: { ".ordinal.yaml": "externalServices: [db, vault-*]", "a/.ordinal.yaml": "externalServices:" },
    settings: { externalServices: ["web"] },
    expected: { externalServices: ["db", "vault-*"] },
  },
  {
    title: "options one by one, beside a severity and without",
    files: {
      ".ordinal.yaml":
        "rules: { state-on-emptydir: { severity: info, paths: [/srv] }, pdb-missing: { severity: error, minReplicas: 5 } }",
      "a/.ordinal.yaml":
        "rules: { state-on-emptydir: off, pdb-missing: { minReplicas: 3 }, vct-volatile-label: { labels: [on, x] } }",
    },
    expected: {
      rules: { "state-on-emptydir": "off", "pdb-missing": "error" },
      options: {
        "state-on-emptydir": { paths: ["/srv"] },
        "pdb-missing": { minReplicas: 3 },
        "vct-volatile-label": { labels: ["on", "x"] },
      },
    },
  },
  {
    title: "what can be used of options of which not all can",
    files: {
      ".ordinal.yaml": "rules: { state-on-emptydir: { severity: loud, paths: [/srv, 1] }, pdb-missing: { x: 1 } }",
    },
    expected: { options: { "state-on-emptydir": { paths: ["/srv"] } } },
  },
  {
    title: "what can be used of a file in which not all can",
    files: { ".ordinal.yaml": "# comment\n---\nprofile: lax\nkubernetesVersion: '1.30'\nrules: { a: b }\n" },
    expected: { kubernetesVersion: { minor: 30 } as Config["kubernetesVersion"] },
  },
];

describe("the configuration of a file", () => {
  for (const { title, files, settings = {}, flags = {}, expected } of cases) {
    test(title, () => {
      const workspace = createWorkspace({ ...defaultConfig, ...settings }, flags);
      for (const [name, text] of Object.entries(files)) workspace.setFile(root + name, text);
      const config = workspace.snapshot().configOf(uri);
      const { profile = "recommended", kubernetesVersion, rules = {}, options = {} } = expected;
      assert.equal(config.profile, profile);
      assert.equal(config.kubernetesVersion.minor, (kubernetesVersion ?? defaultConfig.kubernetesVersion).minor);
      assert.deepEqual(config.rules, rules);
      assert.deepEqual(config.options, options);
      workspace.setFile(`${root}unrelated.yaml`, "a: 1\n");
      assert.equal(workspace.snapshot().configOf(uri), config, "equal circumstances give the same object");
    });
  }

  test("follows the file", () => {
    const workspace = createWorkspace(defaultConfig);
    const profileNow = () => workspace.snapshot().configOf(uri).profile;
    const file = `${root}.ordinal.yaml`;
    workspace.setFile(file, "profile: strict\n");
    const before = workspace.snapshot();
    assert.equal(profileNow(), "strict");
    workspace.setFile(file, "profile: recommended\n");
    assert.equal(profileNow(), "recommended");
    workspace.setFile(file, "profile: strict\n");
    workspace.removeFile(file);
    assert.equal(profileNow(), "recommended");
    assert.equal(before.configOf(uri).profile, "strict", "an analysis stays as it is");
  });
});

const problems: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ["", []],
  ["# nothing yet\n", []],
  ["{}", []],
  ["kubernetesVersion: 1.36\nprofile: strict\nrules:\n  service-missing: off\n", []],
  ["rules:\nprofile:\n", []],
  ["profil: strict", ["profil: Setting `profil` does not exist. Did you mean `profile`?"]],
  [
    "extends: x",
    [
      "extends: Setting `extends` does not exist. Use `kubernetesVersion`, `featureGates`, `profile`, `loadRestrictor`, `externalServices` or `rules`",
    ],
  ],
  ["profile: lax", ['lax: `"lax"` is not valid. Use `recommended` or `strict`']],
  [
    "kubernetesVersion: 2",
    [
      '2: `"2"` is not a Kubernetes version. Use a release such as `1.37` or `1.35.2`, a range such as `1.34 - 1.37`, or `auto`',
    ],
  ],
  [
    "rules:\n  service-mising: off\n",
    ["service-mising: Rule `service-mising` does not exist. Did you mean `service-missing`?"],
  ],
  [
    "rules: { yaml-syntax: no, schema-type: [error] }",
    [
      'no: `"no"` is not valid. Use `error`, `warning`, `info`, `hint` or `off`',
      '[error]: `["error"]` is not valid. Use `error`, `warning`, `info`, `hint` or `off`',
    ],
  ],
  ["rules: { pdb-missing: { severity: off, minReplicas: 3 }, state-on-emptydir: { paths: } }", []],
  ["rules: { service-missing: { severity: off }, yaml-syntax: {} }", []],
  ["rules: { service-missing: { names: [] } }", ["names: Option `names` does not exist. Use `severity`"]],
  [
    "rules:\n  pdb-missing:\n    severity: loud\n    minReplica: 3\n    constructor: 1\n",
    [
      'loud: `"loud"` is not valid. Use `error`, `warning`, `info`, `hint` or `off`',
      "minReplica: Option `minReplica` does not exist. Did you mean `minReplicas`?",
      "constructor: Option `constructor` does not exist. Use `severity` or `minReplicas`",
    ],
  ],
  ["rules: { pdb-missing: { minReplicas: '3' } }", ["'3': `\"3\"` is not a whole number"]],
  ["rules: { pdb-missing: { minReplicas: 2.5 } }", ["2.5: `2.5` is not a whole number"]],
  ["rules: { pdb-missing: { minReplicas: 1 } }", ["1: `1` is less than 2"]],
  [
    "rules: { pdb-missing: [error, { minReplicas: 3 }] }",
    [
      '[error, { minReplicas: 3 }]: `["error",{"minReplicas":3}]` is not valid. Use `error`, `warning`, `info`, `hint` or `off`',
    ],
  ],
  ["rules: { state-on-emptydir: { paths: /srv } }", ['/srv: `"/srv"` is not a list']],
  ["rules: { state-on-emptydir: { paths: [/srv, 1, [a]] } }", ["1: `1` is not a text", '[a]: `["a"]` is not a text']],
  ["rules: all", ['all: `"all"` is not a map of rules to severities']],
  ["- profile: strict\n", ["- profile: strict: This file must be a map of settings"]],
];
describe("what is wrong in a configuration file", () => {
  for (const [text, expected] of problems) {
    test(JSON.stringify(text), () => {
      const file = `${root}.ordinal.yaml`;
      const workspace = createWorkspace(defaultConfig);
      workspace.setFile(file, text);
      const findings = workspace.snapshot().findings(file);
      assert.deepEqual(
        findings.map(({ span, text: sentence }) => `${text.slice(span.start, span.end).trim()}: ${sentence}`),
        expected,
      );
      assert.ok(findings.every(({ rule, severity }) => rule === "config-invalid" && severity === "warning"));
    });
  }

  test("YAML that cannot be read, and a key that is there twice", () => {
    for (const text of ["profile: 'strict\n", "profile: strict\nprofile: recommended\n"]) {
      const findings = analyse(`# file: .ordinal.yaml\n${text}`).findings(`${root}.ordinal.yaml`);
      assert.deepEqual(
        findings.map(({ rule }) => rule),
        ["config-invalid"],
      );
    }
  });
});

const fixes: readonly (readonly [text: string, fixed: string | undefined])[] = [
  ["profil: strict", "profile: strict"],
  ["rules: { 'service-mising': off } # why", "rules: { 'service-missing': off } # why"],
  ["rules:\n  pdb-missing:\n    minReplica: 3\n", "rules:\n  pdb-missing:\n    minReplicas: 3\n"],
  ["rules:\n  service-mising: off\n  service-missing: hint\n", undefined],
  // The other one would stay.
  ["prof-ile: strict\nprof-ile: strict\n", undefined],
  ["rules:\n  service-mising: off\n  service-mising: hint\n", undefined],
  ["extends: x", undefined],
];
describe("a misspelt key can be mended", () => {
  for (const [text, fixed] of fixes) {
    test(JSON.stringify(text), () => {
      const file = `# file: .ordinal.yaml\n${text}`;
      const made = found(file, defaultConfig).fixes.map((fix) => applied(file, fix));
      assert.deepEqual(made, fixed === undefined ? [] : [`# file: .ordinal.yaml\n${fixed}`]);
    });
  }
});
