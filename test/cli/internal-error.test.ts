import assert from "node:assert/strict";
import { test } from "node:test";
import { issuesUrl } from "../../server/src/engine/api.js";
import { rules } from "../../server/src/engine/rules/registry.js";
import { failingReader, makerOf, makerWith, withFailingRule } from "../harness/failing.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const retention = ["persistentVolumeClaimRetentionPolicy:", "  whenScaled: Delete"];
const clean = `${statefulSet("db")}---\n${service("db")}`;
const wrong = `${statefulSet("db", retention)}---\n${service("db")}`;
const incomplete = (count: string, where: string) =>
  `ordinal: ${count}: the check is incomplete (--verbose shows where ${where} happened)\n`;

/** The lines that name a rule, without what they say. */
const rulesIn = (stdout: string) => stdout.match(/(?<=  )(?:internal-error|retention-no-templates)$/gm) ?? [];

test("a rule that throws: the other files and rules are reported, and the code is 2", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": clean, "b.yaml": wrong });
  const ended = await ordinal(["lint"], { cwd, makeWorkspace: makerOf(withFailingRule) });
  assert.equal(ended.code, 2);
  assert.deepEqual(rulesIn(ended.stdout), ["internal-error", "internal-error", "retention-no-templates"]);
  assert.match(ended.stdout, /Rule failing-rule failed: TypeError: spec is undefined\. This is a bug in Ordinal/);
  assert.ok(ended.stdout.includes(issuesUrl));
  assert.doesNotMatch(ended.stdout, /second line|^\s+at /m);
  assert.equal(ended.stderr, incomplete("2 internal errors", "they"));
});

test("--verbose shows where it happened, each place once", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": clean, "b.yaml": `${clean}---\n${statefulSet("other")}` });
  const { stderr } = await ordinal(["lint", "--verbose"], { cwd, makeWorkspace: makerOf(withFailingRule) });
  assert.match(stderr, /^ordinal: 3 internal errors: the check is incomplete\nTypeError: spec is undefined\n/);
  assert.match(stderr, /\n\s+at .*failing/);
});

test("a reader that throws: the other documents are reported", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": wrong });
  const makeWorkspace = makerOf({ rules, read: failingReader("kind: Service") });
  const ended = await ordinal(["lint"], { cwd, makeWorkspace });
  assert.equal(ended.code, 2);
  assert.deepEqual(rulesIn(ended.stdout), ["retention-no-templates", "internal-error"]);
});

test("a file that cannot be checked or fixed: the others are", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": wrong, "b.yaml": wrong });
  const isA = (uri: string) => uri.endsWith("/a.yaml");
  const makeWorkspace = makerWith((analysis) => ({
    findings(uri) {
      if (isA(uri)) throw new Error("no findings");
      return analysis.findings(uri);
    },
    fixAll(uri) {
      if (isA(uri)) throw new Error("no fixes");
      return analysis.fixAll(uri);
    },
  }));
  const ended = await ordinal(["lint", "--fix"], { cwd, makeWorkspace });
  assert.equal(ended.code, 2);
  assert.match(
    ended.stdout,
    /^1 finding fixed\.\na\.yaml\n {2}1:1 {2}warning {2}Checking this file failed: Error: no findings/,
  );
  assert.deepEqual(rulesIn(ended.stdout), ["internal-error"]);
  assert.match(ended.stderr, /^ordinal: 1 internal error: .*\nordinal: Fixing a\.yaml failed: Error: no fixes\./);
});

test("a command that fails says so in one line", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": clean });
  const makeWorkspace = () => {
    throw new Error("out of order\nand more");
  };
  const line = `ordinal: This command failed: Error: out of order. This is a bug in Ordinal. Please report it at ${issuesUrl}`;
  const ended = await ordinal(["lint"], { cwd, makeWorkspace });
  assert.deepEqual(ended, { code: 2, stdout: "", stderr: `${line} (--verbose shows where it happened)\n` });
  const { stderr } = await ordinal(["lint", "--verbose"], { cwd, makeWorkspace });
  assert.ok(stderr.startsWith(`${line}\nError: out of order\nand more\n`), stderr);
});

test("a StatefulSet that cannot be played: the others of its file are", async (context) => {
  const cwd = directoryWith(context, { "a.yaml": `${clean}---\n${statefulSet("web")}` });
  const makeWorkspace = makerWith((analysis) => ({
    statefulSets: (uri) =>
      analysis.statefulSets(uri).map((placed) => {
        if (placed.statefulSet.key.name === "web") return placed;
        const spec = () => {
          throw new Error("no spec");
        };
        return {
          ...placed,
          statefulSet: Object.defineProperty({ ...placed.statefulSet }, "spec", { get: spec }),
        };
      }),
  }));
  const ended = await ordinal(["plan", "a.yaml"], { cwd, makeWorkspace });
  assert.equal(ended.code, 2);
  assert.match(ended.stdout, /^create StatefulSet web/);
  assert.match(ended.stderr, /^ordinal: Playing db failed: Error: no spec\. /);
});
