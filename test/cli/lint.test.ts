import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { checkGolden } from "./golden.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal, type Surroundings } from "./ordinal.js";

/** A misspelt serviceName, a value that the API server refuses, and a hint. */
const database = `# The database
${service("database", "db")}---
${statefulSet("db", ["replicas: 2", "persistentVolumeClaimRetentionPolicy:", "  whenScaled: delete"])}---
${statefulSet("web").replace("  serviceName: web\n", "")}`;

const files = { "deploy/db.yaml": database, "deploy/cache.yaml": `${statefulSet("cache")}---\n${service("cache")}` };

interface Report {
  readonly findings: readonly {
    readonly file: string;
    readonly line: number;
    readonly rule: string;
    readonly path: string;
    readonly resource: unknown;
  }[];
  readonly summary: { readonly files: number };
}

function parsed(json: string): Report {
  return JSON.parse(json);
}

async function findings(argv: readonly string[], surroundings: Surroundings): Promise<readonly string[]> {
  const { stdout } = await ordinal(["lint", "--format", "json", ...argv], surroundings);
  return parsed(stdout).findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

const pretty: readonly (readonly [string, readonly string[], Omit<Surroundings, "cwd">])[] = [
  ["lint-pipe.txt", ["lint"], {}],
  ["lint-terminal.txt", ["lint"], { columns: 100 }],
  ["lint-narrow.txt", ["lint", "--no-color"], { columns: 64 }],
  ["lint-tiny.txt", ["lint", "--no-color"], { columns: 40 }],
  ["lint-hints.txt", ["lint", "--hints"], {}],
];
for (const [golden, argv, surroundings] of pretty) {
  test(`the report for people: ${golden}`, async (context) => {
    const ended = await ordinal(argv, { cwd: directoryWith(context, files), ...surroundings });
    assert.equal(ended.stderr, "");
    assert.equal(ended.code, 1);
    checkGolden(golden, ended.stdout);
  });
}

test("a pattern stands for the manifests that it matches", async (context) => {
  const cwd = directoryWith(context, { ...files, "deploy/notes.txt": "", "[db].yaml": database });
  const named = async (...paths: readonly string[]) => [
    ...new Set((await findings(paths, { cwd })).map((line) => line.split(":")[0])),
  ];
  assert.deepEqual(await named("dep*/**/d*.yaml"), ["deploy/db.yaml"]);
  assert.deepEqual(await named("deploy/{cache,db}.*", "**/*.txt"), ["deploy/db.yaml"]);
  assert.deepEqual(await named("deploy/*"), ["deploy/db.yaml"]);
  assert.deepEqual(await named("dep*"), ["deploy/db.yaml"]);
  assert.deepEqual(await named("[db].yaml"), ["[db].yaml"]);
  const { code, stderr } = await ordinal(["lint", "k8s/**"], { cwd });
  assert.deepEqual([code, stderr], [2, "ordinal: k8s/** does not exist\n"]);
});

test("the report for programs has everything that is known of a finding, hints too", async (context) => {
  const cwd = directoryWith(context, files);
  const { stdout } = await ordinal(["lint", "deploy/db.yaml", "--format", "json"], { cwd });
  const db = { apiVersion: "apps/v1", kind: "StatefulSet", namespace: null, name: "db" };
  const at = (line: number, column: number, endColumn: number) => {
    return { file: "deploy/db.yaml", line, column, endLine: line, endColumn };
  };
  assert.deepEqual(JSON.parse(stdout), {
    version: 1,
    findings: [
      {
        ...at(16, 16, 18),
        rule: "service-missing",
        severity: "warning",
        message: "Service `db` does not exist. Did you mean `database`, which selects these pods?",
        resource: db,
        path: "spec.serviceName",
        fixable: true,
      },
      {
        ...at(18, 3, 39),
        rule: "retention-no-templates",
        severity: "warning",
        message: "The retention policy has no effect without `volumeClaimTemplates`",
        resource: db,
        path: "spec.persistentVolumeClaimRetentionPolicy",
        fixable: true,
      },
      {
        ...at(19, 17, 23),
        rule: "retention-invalid-value",
        severity: "error",
        message: "`whenScaled: delete` is not valid. Use `Retain` or `Delete`",
        resource: db,
        path: "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
        fixable: true,
      },
      {
        ...at(36, 1, 5),
        rule: "service-name-unset",
        severity: "hint",
        message: "Without `serviceName` the pods have no DNS names of their own",
        resource: { ...db, name: "web" },
        path: "spec.serviceName",
        fixable: true,
      },
    ],
    summary: { files: 1, documents: 3, statefulSets: 2, errors: 1, warnings: 2, infos: 0, hints: 1 },
  });
});

test("a finding about the text has no resource", async (context) => {
  const cwd = directoryWith(context, { "broken.yaml": service("db").replace("spec:", " spec:") });
  const { code, stdout } = await ordinal(["lint", "--format", "json"], { cwd });
  const [finding] = parsed(stdout).findings;
  assert.equal(code, 1);
  assert.equal(finding?.resource, null);
  assert.equal(finding.path, "");
});

test("only what was asked about is reported, but its surroundings count", async (context) => {
  const cwd = directoryWith(context, {
    "project/.git/HEAD": "",
    "project/sets/one/db.yaml": statefulSet("db"),
    "project/sets/two/web.yaml": statefulSet("web"),
    "project/sets/services/services.yaml": `${service("db")}---\n${service("web-service", "web")}`,
  });
  // The Service lies in a directory beside that of the set, and the other set's mistake is not asked about.
  assert.deepEqual(await findings(["project/sets/one/db.yaml"], { cwd }), []);
  assert.deepEqual(await findings(["project/sets/one"], { cwd }), []);
  assert.deepEqual(await findings(["project/sets/two"], { cwd }), ["project/sets/two/web.yaml:6 service-missing"]);
  assert.deepEqual(await findings(["one", "two/web.yaml"], { cwd: path.join(cwd, "project/sets") }), [
    "two/web.yaml:6 service-missing",
  ]);
  assert.deepEqual(await findings(["../one", "../two"], { cwd: path.join(cwd, "project/sets/services") }), [
    `${path.join(cwd, "project/sets/two/web.yaml")}:6 service-missing`,
  ]);
});

test("what a kustomization names is read wherever it is in the project", async (context) => {
  const cwd = directoryWith(context, {
    ".git/HEAD": "",
    "base/kustomization.yaml": "resources: [set.yaml, more/service.yaml]\n",
    "base/set.yaml": statefulSet("db"),
    "base/more/service.yaml": service("db"),
    "deploy/overlays/prod/kustomization.yaml": "resources: [../../../base]\npatches: [{ path: p.yaml }]\n",
    "deploy/overlays/prod/p.yaml":
      "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: { serviceName: dbx }\n",
  });
  const ended = await ordinal(["lint", "--format", "json", "deploy/overlays/prod"], { cwd });
  assert.match(ended.stdout, /Service `dbx` does not exist. Did you mean `db`, which selects these pods?/);
});

test("a file is looked at once, however often it is named", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": statefulSet("web").replace("  serviceName: web\n", "") });
  const { stdout } = await ordinal(["lint", ".", "a.yaml", "./a.yaml", "--format", "json"], { cwd });
  const { findings: found, summary } = parsed(stdout);
  assert.equal(found.length, 1);
  assert.equal(summary.files, 1);
});

test("nothing is looked for beyond the project", async (context) => {
  const cwd = directoryWith(context, {
    "project/.git/HEAD": "",
    "project/db.yaml": statefulSet("db"),
    "other/service.yaml": service("db"),
  });
  assert.deepEqual(await findings(["project/db.yaml"], { cwd }), ["project/db.yaml:6 service-missing"]);
  assert.deepEqual(await findings(["project"], { cwd }), ["project/db.yaml:6 service-missing"]);
});

test("outside of any repository all folders around a file count, but not where the command is called", async (context) => {
  const cwd = directoryWith(context, {
    "lone/db.yaml": statefulSet("db"),
    "lone/web.yaml": statefulSet("web"),
    "lone/service.yaml": service("db"),
    "lone/deeper/service.yaml": service("web"),
    "here/unrelated.yaml": "",
  });
  const lone = path.join(cwd, "lone");
  const elsewhere = { cwd: path.join(cwd, "here") };
  assert.deepEqual(await findings([path.join(lone, "db.yaml")], elsewhere), []);
  assert.deepEqual(await findings([path.join(lone, "web.yaml")], elsewhere), []);
  assert.deepEqual(await findings([lone], elsewhere), []);
});

test("standard input stands for itself", async (context) => {
  const cwd = directoryWith(context, { "service.yaml": service("db") });
  assert.deepEqual(await findings(["-"], { cwd, stdin: statefulSet("db") }), ["<stdin>:6 service-missing"]);
  assert.deepEqual(await findings(["-"], { cwd, stdin: `${statefulSet("db")}---\n${service("db")}` }), []);
  const binary = await ordinal(["lint", "-"], { cwd, stdin: new Uint8Array([0, 1, 2]) });
  assert.deepEqual(binary, {
    code: 2,
    stdout: "No YAML file found.\n",
    stderr: "ordinal: standard input is not text: it holds NUL bytes\n",
  });
});

test("the Kubernetes version decides", async (context) => {
  const cwd = directoryWith(context, { "web.yaml": statefulSet("web").replace("  serviceName: web\n", "") });
  const codes = ["1.32", "1.33", "v1.36.2"].map((version) =>
    ordinal(["lint", "--kubernetes-version", version], { cwd }),
  );
  assert.deepEqual(
    (await Promise.all(codes)).map(({ code }) => code),
    [1, 0, 0],
  );
});

test("what cannot be read is named, and the rest is checked", async (context) => {
  const cwd = directoryWith(context, {
    "good.yaml": `${statefulSet("db")}---\n${service("db")}`,
    "binary.yaml": new Uint8Array([0x6b, 0x00, 0x01]),
    "large.yaml": Buffer.alloc(11 * 1024 * 1024, "# long\n"),
    "below/good.yaml": service("web"),
  });
  symlinkSync(cwd, path.join(cwd, "below/loop"));
  const walked = await ordinal(["lint"], { cwd });
  assert.equal(walked.code, 0);
  assert.deepEqual(walked.stderr.split("\n").toSorted(), [
    "",
    "ordinal: below/loop is a directory loop: it leads back to " + cwd,
    "ordinal: binary.yaml is not text: it holds NUL bytes",
    "ordinal: large.yaml is larger than 10 MiB",
  ]);
  const asked = await ordinal(["lint", "missing.yaml", "binary.yaml", "good.yaml"], { cwd });
  assert.equal(asked.code, 2);
  assert.equal(
    asked.stderr,
    "ordinal: missing.yaml does not exist\nordinal: binary.yaml is not text: it holds NUL bytes\n",
  );
  assert.match(asked.stdout, /^Nothing to report in 1 file with 1 StatefulSet\.\n$/);
});

test("a directory without manifests is no mistake", async (context) => {
  const cwd = directoryWith(context, { "notes.txt": "kind: StatefulSet" });
  mkdirSync(path.join(cwd, "empty"));
  const ended = { code: 0, stdout: "No YAML file found.\n", stderr: "" };
  assert.deepEqual(await ordinal(["lint", "empty", "."], { cwd }), ended);
});

test("control characters of a manifest or a file name never reach the terminal", async (context) => {
  const cwd = directoryWith(context, {
    "\u001b[31mred\u202e.yaml": statefulSet("db").replace("serviceName: db", 'serviceName: "d\\e]0;b" # \u202e'),
    "raw.yaml": statefulSet("web").replace("serviceName: web", "serviceName: web\u001b]0;\u009b\u0007"),
    "more.yaml": service("db\u200b", "db"),
  });
  for (const format of ["pretty", "json"]) {
    const { stdout, stderr } = await ordinal(["lint", ".", "\u001b.yaml", "--format", format], { cwd });
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
    assert.match(stdout, /\\u001b\[31mred\\u202e\.yaml/);
  }
  assert.deepEqual(await findings(["."], { cwd }), [
    "\u001b[31mred\u202e.yaml:6 service-name-invalid",
    "more.yaml:4 name-not-dns-label",
    "raw.yaml:6 yaml-syntax",
  ]);
});

test("JSON manifests in a directory count, other JSON does not", async (context) => {
  const manifest = { apiVersion: "v1", kind: "Service", metadata: { name: "db" }, spec: { clusterIP: "None" } };
  const cwd = directoryWith(context, {
    "db.yaml": statefulSet("db"),
    "service.json": JSON.stringify({ ...manifest, spec: { ...manifest.spec, selector: { app: "db" }, prots: [] } }),
    "package.json": '{ "name": "db" }',
  });
  assert.deepEqual(await findings(["."], { cwd }), ["service.json:1 schema-unknown-field"]);
  const { stdout } = await ordinal(["lint", "--format", "json", "."], { cwd });
  assert.equal(parsed(stdout).summary.files, 2);
  // The Service beside it is read where only one file is asked about.
  assert.deepEqual(await findings(["db.yaml"], { cwd }), []);
});

const colours: readonly (readonly [string, readonly string[], Omit<Surroundings, "cwd">, boolean])[] = [
  ["a pipe", [], {}, false],
  ["a terminal", [], { columns: 80 }, true],
  ["--no-color", ["--no-color"], { columns: 80, env: { FORCE_COLOR: "1" } }, false],
  ["--color", ["--color"], { env: { NO_COLOR: "1" } }, true],
  ["NO_COLOR", [], { columns: 80, env: { NO_COLOR: "1" } }, false],
  ["an empty NO_COLOR", [], { columns: 80, env: { NO_COLOR: "" } }, true],
  ["FORCE_COLOR", [], { env: { FORCE_COLOR: "1" } }, true],
  ["FORCE_COLOR and NO_COLOR", [], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, true],
  ["FORCE_COLOR=0", [], { columns: 80, env: { FORCE_COLOR: "0" } }, false],
  ["a dumb terminal", [], { columns: 80, env: { TERM: "dumb" } }, false],
];
for (const [name, argv, surroundings, coloured] of colours) {
  test(`colours: ${name}`, async (context) => {
    const { stdout } = await ordinal(["lint", ...argv], { cwd: directoryWith(context, files), ...surroundings });
    assert.equal(stdout.includes("\u001b["), coloured);
  });
}
