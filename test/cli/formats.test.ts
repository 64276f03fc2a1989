import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DOMParser } from "@xmldom/xmldom";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { applyEdits, lineIndex } from "../../server/src/engine/api.js";
import { repo } from "../harness/repo.js";
import { checkGolden } from "./golden.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

/** A repository in which a run below its root finds an error, warnings, and a hint in a name that has to be escaped. */
const files = {
  ".git/HEAD": "",
  "k8s/db.yaml": `${service("database", "db")}---
${statefulSet("db", ["replicas: 2", "persistentVolumeClaimRetentionPolicy:", "  whenScaled: delete"])}`,
  "k8s/my cache, 100%.yaml": statefulSet("web").replace("  serviceName: web\n", ""),
  "k8s/clean.yaml": service("clean"),
};

function project(context: TestContext): string {
  return directoryWith(context, files);
}

for (const [format, golden] of [
  ["github", "lint-github.txt"],
  ["gitlab", "lint-gitlab.json"],
  ["junit", "lint-junit.xml"],
] as const) {
  test(`--format ${format} names files from the root of the repository`, async (context) => {
    const cwd = path.join(project(context), "k8s");
    const { code, stdout, stderr } = await ordinal(["lint", "--format", format, "--hints"], { cwd });
    assert.deepEqual([code, stderr], [1, ""]);
    checkGolden(golden, stdout);
  });
}

const schema: object = JSON.parse(readFileSync(repo("test/cli/fixtures/sarif-2.1.0.json"), "utf8"));
const ajv = new Ajv.default({ strict: false, allErrors: true });
addFormats.default(ajv);
const isSarif = ajv.compile(schema);

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Artifact {
  readonly uri: string;
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly { readonly id: string; readonly help: { readonly markdown: string } }[];
        };
      };
      readonly originalUriBaseIds: { readonly "%SRCROOT%": { readonly uri: string } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: Artifact } }[];
        readonly fixes?: readonly {
          readonly description: { readonly text: string };
          readonly artifactChanges: readonly {
            readonly artifactLocation: Artifact;
            readonly replacements: readonly {
              readonly deletedRegion: Region;
              readonly insertedContent: { readonly text: string };
            }[];
          }[];
        }[];
      }[];
    },
  ];
}

async function sarifOf(argv: readonly string[], cwd: string, stdin?: string): Promise<Sarif> {
  const { stdout } = await ordinal(["lint", "--format", "sarif", ...argv], { cwd, ...(stdin && { stdin }) });
  const log: Sarif = JSON.parse(stdout);
  assert.ok(isSarif(log), JSON.stringify(isSarif.errors, undefined, 2));
  return log;
}

test("the schema refuses what is no SARIF", async (context) => {
  const log = await sarifOf([], project(context));
  assert.equal(isSarif({ ...log, version: "2.0.0" }), false);
  assert.equal(isSarif({ ...log, runs: [{ results: [] }] }), false);
});

test("SARIF is valid whatever was found", async (context) => {
  const cwd = project(context);
  writeFileSync(path.join(cwd, "broken.yaml"), "a: [\n");
  mkdirSync(path.join(cwd, "empty"));
  for (const argv of [["."], ["empty"], [path.join(cwd, "k8s")], ["--upgrade-to", "1.37"], ["--profile", "strict"]]) {
    await sarifOf(argv, cwd);
  }
  await sarifOf(["-"], cwd, files["k8s/db.yaml"]);
  await sarifOf([cwd], directoryWith(context, { ".git/HEAD": "" }));
});

test("SARIF has the help of each rule, and results without it", async (context) => {
  const log = await sarifOf(["k8s"], project(context));
  const [{ tool, results }] = log.runs;
  assert.deepEqual(
    results.map(({ ruleId, ruleIndex }) => [ruleId, tool.driver.rules[ruleIndex]?.id === ruleId]),
    [
      ["service-missing", true],
      ["retention-no-templates", true],
      ["retention-invalid-value", true],
      ["service-name-unset", true],
    ],
  );
  for (const { id, help } of tool.driver.rules) assert.match(help.markdown, new RegExp(`^# ${id}\n`));
  const root = fileURLToPath(log.runs[0].originalUriBaseIds["%SRCROOT%"].uri);
  checkGolden("lint-sarif.json", `${JSON.stringify(results, undefined, 2)}\n`.replaceAll(root, "/root/"));
});

test("the fixes in SARIF, applied, are fixes", async (context) => {
  const cwd = project(context);
  const root = pathToFileURL(`${cwd}/`);
  const before = (await sarifOf(["k8s"], cwd)).runs[0].results;
  for (const { ruleId, fixes = [], locations } of before) {
    assert.ok(fixes.length > 0, `${ruleId} has fixes`);
    const own = locations[0]?.physicalLocation.artifactLocation.uri;
    for (const { description, artifactChanges } of fixes) {
      const cleared = directoryWith(context, files);
      for (const { artifactLocation, replacements } of artifactChanges) {
        const relative = fileURLToPath(new URL(artifactLocation.uri, root)).slice(cwd.length);
        const file = path.join(cleared, relative);
        const text = readFileSync(file, "utf8");
        const lines = lineIndex(text);
        const at = (line: number, column: number) => lines.offset({ line: line - 1, character: column - 1 });
        const edits = replacements.map(
          ({ deletedRegion: { startLine, startColumn, endLine, endColumn }, ...edit }) => ({
            span: { start: at(startLine, startColumn), end: at(endLine, endColumn) },
            newText: edit.insertedContent.text,
          }),
        );
        writeFileSync(file, applyEdits(text, edits));
      }
      const after = (await sarifOf(["k8s"], cleared)).runs[0].results;
      const isLeft = after.some(
        (other) => other.ruleId === ruleId && other.locations[0]?.physicalLocation.artifactLocation.uri === own,
      );
      assert.equal(isLeft, false, `${ruleId}: ${description.text}`);
    }
  }
});

test("fingerprints stay when lines move, and tell equal findings apart", async (context) => {
  const twice = `${statefulSet("db")}---\n${statefulSet("web")}`;
  const cwd = directoryWith(context, {
    ".git/HEAD": "",
    "k8s/db.yaml": twice,
    "k8s/same.yaml": `${twice}---\n${twice}`,
  });
  const prints = async (directory: string) =>
    (await sarifOf([], directory)).runs[0].results.map(
      ({ ruleId, partialFingerprints }) => `${ruleId} ${partialFingerprints["ordinalFinding/v1"]}`,
    );
  const before = await prints(cwd);
  assert.ok(before.length > 2);
  assert.equal(new Set(before).size, before.length);
  writeFileSync(path.join(cwd, "k8s/db.yaml"), `# moved\n\n${twice.replaceAll("postgres:17", "postgres:18")}`);
  assert.deepEqual(await prints(cwd), before);
  assert.deepEqual(await prints(path.join(cwd, "k8s")), before, "wherever it is called");
});

test("JUnit's XML is well formed whatever the text", async (context) => {
  const cwd = directoryWith(context, {
    "a&b <\"'>.yaml": statefulSet("db").replace("serviceName: db", 'serviceName: "<&\\e]]>"'),
    "clean.yaml": service("clean"),
  });
  const { stdout } = await ordinal(["lint", "--format", "junit"], { cwd });
  const problems: string[] = [];
  const parser = new DOMParser({ onError: (level, message) => problems.push(`${level} ${message}`) });
  const xml = parser.parseFromString(stdout, "text/xml");
  assert.deepEqual(problems, []);
  const suites = [...xml.getElementsByTagName("testsuite")];
  assert.deepEqual(
    suites.map((suite) => [suite.getAttribute("name"), Number(suite.getAttribute("failures")) > 0]),
    [
      ["a&b <\"'>.yaml", true],
      ["clean.yaml", false],
    ],
  );
});

test("a command of a manifest never reaches GitHub", async (context) => {
  const cwd = directoryWith(context, {
    "::error::x.yaml": statefulSet("db").replace("serviceName: db", 'serviceName: "a\\n::set-output name=x::y"'),
  });
  const { stdout } = await ordinal(["lint", "--format", "github"], { cwd });
  const lines = stdout.trimEnd().split("\n");
  assert.ok(
    lines.every((line) => /^::(?:error|warning|notice) file=%3A%3Aerror%3A%3Ax\.yaml,/.test(line)),
    stdout,
  );
});

test("--output writes reports to files, beside the one on standard output", async (context) => {
  const cwd = project(context);
  const argv = [
    "--output",
    "sarif=out/ordinal.sarif",
    "--output",
    "junit=out/junit.xml",
    "--output",
    "pretty=out/all.txt",
  ];
  const { code, stdout } = await ordinal(["lint", "k8s", ...argv], { cwd, columns: 60 });
  assert.equal(code, 1);
  const read = (name: string) => readFileSync(path.join(cwd, "out", name), "utf8");
  assert.ok(isSarif(JSON.parse(read("ordinal.sarif"))));
  assert.match(read("junit.xml"), /^<\?xml/);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(read("all.txt"), /\u001b/);
  // eslint-disable-next-line no-control-regex
  assert.match(stdout, /\u001b/);
  const { stdout: alone } = await ordinal(["lint", "k8s"], { cwd, columns: 60 });
  assert.equal(stdout, alone);
  const missing = await ordinal(["lint", "--output", "json=k8s/db.yaml/x"], { cwd });
  assert.deepEqual([missing.code, missing.stderr], [2, "ordinal: --output: k8s/db.yaml/x cannot be written: EEXIST\n"]);
});

test("with a baseline, SARIF says that its findings are new; without one it says nothing of that", async (context) => {
  const cwd = project(context);
  await ordinal(["lint", "k8s", "--baseline", "known.json", "--update-baseline"], { cwd });
  writeFileSync(path.join(cwd, "k8s/new.yaml"), statefulSet("new"));
  const states = async (...argv: readonly string[]) => {
    const { stdout } = await ordinal(["lint", "k8s", "--format", "sarif", "--hints", ...argv], { cwd });
    const log = JSON.parse(stdout) as { runs: [{ results: { baselineState?: string }[] }] };
    assert.equal(isSarif(log), true, JSON.stringify(isSarif.errors));
    return [...new Set(log.runs[0].results.map(({ baselineState }) => baselineState))];
  };
  assert.deepEqual(await states("--baseline", "known.json"), ["new"]);
  assert.deepEqual(await states(), [undefined]);
});
