import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, test } from "node:test";
import { createWorkspace, defaultConfig, type Workspace } from "../../server/src/engine/api.js";
import { main } from "../../server/src/tools/corpus.js";
import { service, statefulSet } from "../cli/manifests.js";

const made: string[] = [];
afterEach(async () => {
  for (const directory of made.splice(0)) await rm(directory, { recursive: true });
});

/** A directory with these files, by their paths. */
async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "ordinal-corpus-"));
  made.push(directory);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.join(directory, path.dirname(file)), { recursive: true });
    await writeFile(path.join(directory, file), text);
  }
  return directory;
}

async function run(argv: readonly string[], open?: () => Workspace): Promise<{ code: number; text: string }> {
  const printed: string[] = [];
  const code = await main(argv, (text) => printed.push(text), open);
  return { code, text: printed.join("\n") };
}

/** Two repositories: one without fault, one with a Service that is called otherwise, and a broken document. */
const repositories = {
  "good/k8s/db.yaml": statefulSet("db"),
  "good/k8s/service.yaml": service("db"),
  "bad/db.yaml": `${statefulSet("db")}---\n${service("database", "db")}`,
  "bad/broken.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n b: c\n",
  "bad/notes.txt": "no manifest",
};

interface Json {
  readonly isOneRepository: boolean;
  readonly repositories: number;
  readonly files: number;
  readonly documents: number;
  readonly statefulSets: number;
  readonly parseFailures: number;
  readonly milliseconds: number;
  readonly peakMemoryMb: number;
  readonly findings: unknown;
  readonly crashes: readonly { readonly file: string; readonly text: string }[];
  readonly listed: readonly { readonly file: string; readonly rule: string; readonly line: number }[];
}

describe("npm run corpus", () => {
  test("counts what is in each repository, each a workspace of its own", async () => {
    const directory = await directoryWith(repositories);
    const { code, text } = await run(["--format", "json", directory]);
    const json = JSON.parse(text) as Json;
    assert.equal(code, 0);
    assert.deepEqual(
      {
        isOne: json.isOneRepository,
        repositories: json.repositories,
        files: json.files,
        documents: json.documents,
        statefulSets: json.statefulSets,
        parseFailures: json.parseFailures,
        findings: json.findings,
        crashes: json.crashes,
        listed: json.listed,
      },
      {
        isOne: false,
        repositories: 2,
        files: 4,
        documents: 5,
        statefulSets: 2,
        parseFailures: 1,
        findings: { "service-missing": { warning: 1 }, "yaml-syntax": { error: 1 } },
        crashes: [],
        listed: [],
      },
    );
    assert.ok(json.milliseconds >= 0 && json.peakMemoryMb > 0);
  });

  test("lists the findings of a rule with their files", async () => {
    const directory = await directoryWith(repositories);
    const { text } = await run(["--format", "json", "--list", "service-missing", directory]);
    const listed = (JSON.parse(text) as Json).listed.map(({ file, rule, line }) => ({ file, rule, line }));
    assert.deepEqual(listed, [{ file: "bad/db.yaml", rule: "service-missing", line: 6 }]);
  });

  test("a directory that is itself a checkout is one workspace, and that is said", async () => {
    const directory = await directoryWith({ ...repositories, ".git/config": "" });
    const { text } = await run([directory]);
    assert.match(text, /is itself a repository: it is checked as one workspace/);
    assert.match(text, /^1 repositories, 4 files, 5 documents, 2 StatefulSets$/m);
    const { text: json } = await run(["--format", "json", directory]);
    assert.equal((JSON.parse(json) as Json).isOneRepository, true);
  });

  test("checkouts are found one level further down too, as owner/name", async () => {
    const directory = await directoryWith({
      "me/one/.git/config": "",
      "me/one/db.yaml": statefulSet("db"),
      "me/two/.git/config": "",
      "me/two/db.yaml": service("db"),
    });
    const { text } = await run(["--format", "json", "--list", "all", directory]);
    const { repositories: count, listed } = JSON.parse(text) as Json;
    assert.equal(count, 2);
    // The Service is in the other repository.
    assert.deepEqual(
      listed.map(({ file, rule }) => `${file} ${rule}`),
      ["me/one/db.yaml service-missing"],
    );
  });

  test("a crash names its file, the others are checked, and the exit code tells", async () => {
    const directory = await directoryWith(repositories);
    const { code, text } = await run(["--format", "json", directory], () => failingAt("bad/broken.yaml"));
    const { crashes, findings } = JSON.parse(text) as Json;
    assert.equal(code, 1);
    assert.deepEqual(
      crashes.map(({ file }) => file),
      ["bad/broken.yaml"],
    );
    assert.match(crashes[0]?.text ?? "", /^Error: no such luck at /);
    assert.deepEqual(findings, { "service-missing": { warning: 1 } });
  });

  test("a call that makes no sense is told how it is called", async () => {
    for (const argv of [[], ["a", "b"], ["--format", "xml", "."], ["--profile", "lax", "."], ["--speed"]]) {
      const { code, text } = await run(argv);
      assert.equal(code, 2);
      assert.match(text, /^Usage: npm run corpus/);
    }
    const { code, text } = await run([path.join(tmpdir(), "ordinal-is-not-here")]);
    assert.equal(code, 2);
    assert.match(text, /ENOENT/);
  });
});

function failingAt(file: string): Workspace {
  const workspace = createWorkspace(defaultConfig);
  return {
    ...workspace,
    snapshot() {
      const analysis = workspace.snapshot();
      return {
        ...analysis,
        findings(uri) {
          if (uri.endsWith(file)) throw new Error("no such luck");
          return analysis.findings(uri);
        },
      };
    },
  };
}
