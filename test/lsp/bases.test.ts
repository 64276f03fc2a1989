import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { CodeAction, CodeLens, PublishDiagnosticsParams } from "vscode-languageserver/node";
import type { CompareParams, CompareResult, FormerResult } from "../../server/src/protocol/protocol.js";
import type { History, Live, LiveAnswer, LiveQuestion, Runtime } from "../../server/src/lsp/runtime.js";
import { canonicalUri } from "../../server/src/lsp/uri.js";
import { createNodeRuntime } from "../../server/src/node/runtime.js";
import { commitAll, git, initialise, write } from "../harness/git.js";
import { connect, type Setup, type TestClient } from "./client.js";

const nodeRuntime = createNodeRuntime();

const set = (policy: string, name = "db") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  podManagementPolicy: ${policy}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, image: ${name} }] }
`;
const before = set("OrderedReady");
const after = set("Parallel");

function directory(test: TestContext): string {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), "ordinal-base-")));
  test.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A repository whose only commit holds the files. */
function repository(test: TestContext, files: Readonly<Record<string, string>>): string {
  const made = directory(test);
  write(made, files);
  initialise(made);
  return made;
}

function uriIn(folder: string, name: string): string {
  return canonicalUri(pathToFileURL(path.join(folder, name)).href);
}

interface Editor extends TestClient {
  /** How often git was asked for the files of a revision, and for texts. */
  readonly asked: { files: number; texts: number };
  /** What edit rules find in a file once the server has nothing left to do. */
  found(folder: string, name: string): Promise<readonly string[]>;
}

/** An editor that has a folder open, with the real git. */
async function editor(test: TestContext, folder: string, setup: Setup = {}): Promise<Editor> {
  // The server's watchers keep no process alive.
  const alive = setInterval(() => {}, 1000);
  test.after(() => clearInterval(alive));
  const asked = { files: 0, texts: 0 };
  let pending = 0;
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    pending += 1;
    try {
      return await work;
    } finally {
      pending -= 1;
    }
  };
  const real = nodeRuntime.history;
  assert.ok(real);
  const history: History = {
    ...real,
    async filesAt(revision, directoryUri) {
      asked.files += 1;
      const answer = await counted(real.filesAt(revision, directoryUri));
      if (answer.type === "none") return answer;
      const { files } = answer;
      return {
        type: "files",
        files: {
          ...files,
          texts(uris) {
            if (uris.length > 0) asked.texts += 1;
            return counted(files.texts(uris));
          },
          ignored: (uris) => counted(files.ignored(uris)),
        },
      };
    },
  };
  const runtime: Partial<Runtime> = {
    ...nodeRuntime,
    ...setup.runtime,
    history,
    readFile: (uri) => counted((setup.runtime?.readFile ?? nodeRuntime.readFile)(uri)),
    after(milliseconds, callback) {
      pending += 1;
      nodeRuntime.after(milliseconds, () => {
        pending -= 1;
        callback();
      });
    },
  };
  const client = await connect(test, {
    folders: [pathToFileURL(folder).href],
    initializationOptions: { trusted: true },
    ...setup,
    runtime,
  });
  return {
    ...client,
    asked,
    async found(within, name) {
      const uri = uriIn(within, name);
      // What was sent before is dealt with before this is answered.
      await client.request("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } });
      for (let quiet = 0; quiet < 20; quiet = pending === 0 ? quiet + 1 : 0) await setImmediate();
      const last = client.all<PublishDiagnosticsParams>("textDocument/publishDiagnostics", (one) => one.uri === uri);
      const { diagnostics = [] } = last.at(-1) ?? {};
      return diagnostics.map(({ code }) => String(code)).filter((code) => code === "immutable-field-changed");
    },
  };
}

const flagged = ["immutable-field-changed"];

/** What is found in an open file of a repository as soon as its text is another one. */
const repositories: readonly {
  readonly title: string;
  /** Makes the folder that is opened. */
  readonly folder: (test: TestContext) => string;
  readonly file?: string;
  readonly text?: string;
  readonly setup?: Setup;
  readonly found: readonly string[];
}[] = [
  { title: "the last commit", folder: (test) => repository(test, { "db.yaml": before }), found: flagged },
  {
    title: "a directory of a repository",
    folder: (test) => path.join(repository(test, { "k8s/a b+ü/db.yaml": before }), "k8s"),
    file: "a b+ü/db.yaml",
    found: flagged,
  },
  {
    title: "a linked work tree",
    folder(test) {
      const main = repository(test, { "db.yaml": before });
      const linked = path.join(directory(test), "linked");
      git(main, "worktree", "add", "--quiet", linked);
      return linked;
    },
    found: flagged,
  },
  {
    title: "a submodule",
    folder(test) {
      const inner = repository(test, { "db.yaml": before });
      const outer = repository(test, { "other.yaml": "a: b\n" });
      git(outer, "submodule", "--quiet", "add", inner, "inner");
      commitAll(outer);
      return outer;
    },
    file: "inner/db.yaml",
    found: flagged,
  },
  {
    title: "a shallow clone",
    folder(test) {
      const from = repository(test, { "db.yaml": set("Parallel") });
      write(from, { "db.yaml": before });
      commitAll(from);
      const clone = path.join(directory(test), "clone");
      git(from, "clone", "--quiet", "--depth=1", pathToFileURL(from).href, clone);
      return clone;
    },
    found: flagged,
  },
  {
    title: "a detached HEAD",
    folder(test) {
      const made = repository(test, { "db.yaml": before });
      git(made, "checkout", "--quiet", "--detach");
      return made;
    },
    found: flagged,
  },
  {
    title: "an unborn branch",
    folder(test) {
      const made = directory(test);
      write(made, { "db.yaml": before });
      git(made, "init", "--quiet");
      return made;
    },
    found: [],
  },
  {
    title: "no repository: what is saved",
    folder(test) {
      const made = directory(test);
      write(made, { "db.yaml": before });
      return made;
    },
    found: flagged,
  },
  {
    title: "a new file",
    folder: (test) => repository(test, { "a.yaml": "a: b\n" }),
    found: [],
  },
  {
    title: "a moved file",
    folder(test) {
      const made = repository(test, { "old.yaml": before });
      write(made, { "old.yaml": undefined, "db.yaml": before });
      return made;
    },
    found: flagged,
  },
  {
    title: "a file that git is told to ignore",
    folder(test) {
      const made = repository(test, { ".gitignore": "db.yaml\n", "a.yaml": "a: b\n" });
      write(made, { "db.yaml": before });
      return made;
    },
    found: [],
  },
  {
    title: "the default values of a chart",
    folder: (test) =>
      repository(test, {
        "c/Chart.yaml": "name: c\nversion: 1.0.0\n",
        "c/values.yaml": "policy: OrderedReady\n",
        "c/templates/db.yaml": before.replace("OrderedReady", "{{ .Values.policy }}"),
      }),
    file: "c/values.yaml",
    text: "policy: Parallel\n",
    found: flagged,
  },
  {
    title: "conflict markers in the commit",
    folder: (test) => repository(test, { "db.yaml": `<<<<<<< ours\n${before}=======\n>>>>>>> theirs\n` }),
    found: [],
  },
  {
    title: "the file as it is saved, by the setting",
    folder(test) {
      const made = repository(test, { "db.yaml": before });
      write(made, { "db.yaml": after });
      return made;
    },
    setup: { initializationOptions: { trusted: true, base: "saved" } },
    found: [],
  },
  {
    title: "a branch, by the setting",
    folder(test) {
      const made = repository(test, { "db.yaml": before });
      git(made, "checkout", "--quiet", "-b", "topic");
      write(made, { "db.yaml": after });
      commitAll(made);
      return made;
    },
    setup: { initializationOptions: { trusted: true, base: "main" } },
    found: flagged,
  },
  {
    title: "the merge base with the main branch, by the setting",
    folder(test) {
      const made = repository(test, { "db.yaml": before });
      git(made, "checkout", "--quiet", "-b", "topic");
      write(made, { "db.yaml": after });
      commitAll(made);
      return made;
    },
    setup: { initializationOptions: { trusted: true, base: "merge-base" } },
    found: flagged,
  },
  {
    title: "nothing, by the setting",
    folder: (test) => repository(test, { "db.yaml": before }),
    setup: { initializationOptions: { trusted: true, base: "off" } },
    found: [],
  },
  {
    title: "the sets of another file, by the setting",
    folder(test) {
      const made = repository(test, { "db.yaml": after });
      write(made, { "old/all of it.yaml": `${set("Parallel", "web")}---\n${before}` });
      return made;
    },
    setup: { initializationOptions: { trusted: true, base: "file:old/all of it.yaml" } },
    found: flagged,
  },
  {
    title: "another file, by the setting, which has a set of another name",
    folder(test) {
      const made = repository(test, { "db.yaml": before });
      write(made, { "old.yaml": set("OrderedReady", "web") });
      return made;
    },
    setup: { initializationOptions: { trusted: true, base: "file:old.yaml" } },
    found: [],
  },
  ...["missing.yaml", "//elsewhere/share/db.yaml", "", "../..", "%", "\0"].map((name) => ({
    title: `another file that cannot be read: ${JSON.stringify(name)}`,
    folder: (test: TestContext) => repository(test, { "db.yaml": before }),
    setup: { initializationOptions: { trusted: true, base: `file:${name}` } },
    found: [],
  })),
  ...["--output=/tmp/x", "-h", "main; touch x", "$(touch x)", "../../etc/passwd", "\0"].map((base) => ({
    title: `no revision: ${JSON.stringify(base)}`,
    folder: (test: TestContext) => repository(test, { "db.yaml": before }),
    setup: { initializationOptions: { trusted: true, base } },
    found: [],
  })),
];

describe("an edit is compared with", () => {
  for (const { title, folder: make, file = "db.yaml", text = after, setup, found } of repositories) {
    test(title, async (context) => {
      const folder = make(context);
      const client = await editor(context, folder, setup);
      await client.open(uriIn(folder, file), text);
      assert.deepEqual(await client.found(folder, file), found);
    });
  }
});

test("git is asked once for a commit, whatever is typed, and again when HEAD moves", async (context) => {
  const folder = repository(context, { "db.yaml": before, "other.yaml": set("OrderedReady", "other") });
  const client = await editor(context, folder);
  const uri = uriIn(folder, "db.yaml");
  await client.open(uri, before);
  assert.deepEqual(await client.found(folder, "db.yaml"), []);
  for (const policy of ["P", "Pa", "Parallel"]) {
    await client.change(uri, set(policy));
    await client.found(folder, "db.yaml");
  }
  assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
  assert.deepEqual(client.asked, { files: 1, texts: 1 });
  // The commit takes the edit.
  write(folder, { "db.yaml": after });
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message=x");
  await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) =>
      one.uri === uri &&
      one.diagnostics.every(({ code }) => code !== "immutable-field-changed") &&
      client.asked.files === 2,
  );
  // Another branch, of which the ref is in a directory of its own.
  git(folder, "checkout", "--quiet", "-b", "feature/one", "HEAD~1");
  await client.next<PublishDiagnosticsParams>(
    "textDocument/publishDiagnostics",
    (one) =>
      one.uri === uri &&
      one.diagnostics.some(({ code }) => code === "immutable-field-changed") &&
      client.asked.files === 3,
  );
});

test("a document that is closed and opened again is compared", async (context) => {
  const folder = repository(context, { "db.yaml": before });
  const client = await editor(context, folder);
  const uri = uriIn(folder, "db.yaml");
  await client.open(uri, after);
  assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
  await client.close(uri);
  assert.deepEqual(await client.found(folder, "db.yaml"), []);
  await client.open(uri, before);
  await client.change(uri, after);
  assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
  assert.deepEqual(client.asked, { files: 1, texts: 1 });
});

test("git is not run before the workspace is trusted", async (context) => {
  const folder = repository(context, { "db.yaml": before });
  write(folder, { "db.yaml": after });
  const client = await editor(context, folder, { initializationOptions: {} });
  await client.open(uriIn(folder, "db.yaml"), after);
  assert.deepEqual(await client.found(folder, "db.yaml"), []);
  assert.equal(client.asked.files, 0);
  await client.notify("ordinal/trusted", {});
  assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
});

test("a single file without a folder is compared too", async (context) => {
  const folder = repository(context, { "db.yaml": before });
  const client = await editor(context, folder, { folders: [] });
  await client.open(uriIn(folder, "db.yaml"), after);
  assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
});

const large = (policy: string, image: string) =>
  before
    .replace("OrderedReady", policy)
    .replace("image: db", `image: ${image}`)
    .replace("  podManagementPolicy", "  replicas: 3\n  podManagementPolicy");

/** The verdict above a set, as soon as its text is another one. */
const verdicts: readonly (readonly [title: string, text: string, lenses: readonly string[]])[] = [
  ["nothing has changed", large("OrderedReady", "db"), ["Preview rollout: 3 pods db-0 ... db-2, Service db"]],
  [
    "a default is written out",
    large("OrderedReady", "db").replace("  replicas: 3", "  revisionHistoryLimit: 10\n  replicas: 3"),
    ["Restarts nothing", "Preview rollout: 3 pods db-0 ... db-2, Service db"],
  ],
  [
    "another image",
    large("OrderedReady", "db:2"),
    ["Restarts 3 pods, about 12 s", "Preview rollout: 3 pods db-0 ... db-2, Service db"],
  ],
  [
    "what is refused",
    large("Parallel", "db"),
    ["Rejected: podManagementPolicy is immutable", "Preview rollout: 3 pods db-0 ... db-2, Service db"],
  ],
];

test("the lens in a template says what is refused, also of a set that only helm knows whole", async (context) => {
  const folder = repository(context, {
    "c/Chart.yaml": "name: c\nversion: 1.0.0\n",
    "c/values.yaml": "policy: OrderedReady\n",
    "c/templates/db.yaml": large("{{ .Values.policy }}", "{{ .Values.policy | b64enc }}"),
  });
  const client = await editor(context, folder, { initializationOptions: { trusted: true, previewCommand: true } });
  const [values, template] = ["c/values.yaml", "c/templates/db.yaml"].map((name) => uriIn(folder, name));
  await client.open(template ?? "", large("{{ .Values.policy }}", "{{ .Values.policy | b64enc }}"));
  await client.open(values ?? "", "policy: Parallel\n");
  await client.found(folder, "c/values.yaml");
  const found = await client.request<readonly CodeLens[]>("textDocument/codeLens", { textDocument: { uri: template } });
  assert.equal(found[0]?.command?.title, "Rejected: podManagementPolicy is immutable");
});

describe("the lens says what the edit does:", () => {
  for (const [title, text, lenses] of verdicts) {
    test(title, async (context) => {
      const folder = repository(context, { "db.yaml": large("OrderedReady", "db") });
      const client = await editor(context, folder, { initializationOptions: { trusted: true, previewCommand: true } });
      const uri = uriIn(folder, "db.yaml");
      await client.open(uri, text);
      await client.found(folder, "db.yaml");
      const found = await client.request<readonly CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
      assert.deepEqual(
        found.map(({ command }) => command?.title),
        lenses,
      );
      const [first] = found;
      if (found.length > 1) assert.deepEqual(first?.command?.arguments, [uri, 0, "base"]);
    });
  }
});

test("the set of the base is told as it was applied", async (context) => {
  const folder = repository(context, { "db.yaml": before });
  const client = await editor(context, folder);
  const uri = uriIn(folder, "db.yaml");
  await client.open(uri, after);
  await client.found(folder, "db.yaml");
  const former = await client.request<FormerResult>("ordinal/former", { uri, index: 0 });
  assert.match(former?.base ?? "", /^HEAD \([0-9a-f]{7}\)$/);
  assert.match(former?.text ?? "", /"podManagementPolicy": "OrderedReady"/);
  await client.change(uri, before);
  await client.found(folder, "db.yaml");
  assert.equal(await client.request<FormerResult>("ordinal/former", { uri, index: 0 }), null);
});

test("the value is restored, and the runbook copied by an editor that can", async (context) => {
  const capabilities = {
    textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
  };
  for (const runbook of [true, false]) {
    const folder = repository(context, { "db.yaml": before });
    const client = await editor(context, folder, {
      capabilities,
      initializationOptions: { trusted: true, runbook },
    });
    const uri = uriIn(folder, "db.yaml");
    await client.open(uri, after);
    await client.found(folder, "db.yaml");
    const position = { line: 5, character: 26 };
    const actions = await client.request<readonly CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    assert.deepEqual(
      actions.map(({ title }) => title),
      [
        "Restore OrderedReady",
        ...(runbook ? ["Copy the runbook"] : []),
        "Silence immutable-field-changed for this line",
        "Silence immutable-field-changed for this document",
      ],
    );
    assert.equal(actions[0]?.edit?.changes?.[uri]?.[0]?.newText, "  podManagementPolicy: OrderedReady\n");
    if (runbook) {
      assert.equal(actions[1]?.command?.command, "ordinal.copyRunbook");
      assert.match(String(actions[1]?.command?.arguments?.[0]), /kubectl delete statefulset db .*--cascade=orphan/);
    }
  }
});

describe("the saved file, outside of git", () => {
  const opened = async (context: TestContext, setup: Setup = {}) => {
    const folder = directory(context);
    write(folder, { "db.yaml": before });
    const client = await editor(context, folder, setup);
    const uri = uriIn(folder, "db.yaml");
    await client.open(uri, after);
    return { folder, client, uri };
  };

  test("is read again when it is opened again", async (context) => {
    const { folder, client, uri } = await opened(context);
    assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
    await client.close(uri);
    await client.found(folder, "db.yaml");
    write(folder, { "db.yaml": after });
    await client.open(uri, after);
    assert.deepEqual(await client.found(folder, "db.yaml"), []);
  });

  test("is the newest, if it changed while it was being read", async (context) => {
    const reads: (() => void)[] = [];
    let isHeld = false;
    const readFile: Runtime["readFile"] = async (uri) => {
      const file = await nodeRuntime.readFile(uri);
      if (isHeld) await new Promise<void>((go) => reads.push(go));
      return file;
    };
    const { folder, client, uri } = await opened(context, { runtime: { readFile } });
    await client.found(folder, "db.yaml");
    const changed = () => client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
    isHeld = true;
    await changed();
    while (reads.length === 0) await setImmediate();
    // The old text has been read, and is on its way.
    write(folder, { "db.yaml": after });
    isHeld = false;
    await changed();
    await client.request("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 0 } });
    for (const go of reads) go();
    assert.deepEqual(await client.found(folder, "db.yaml"), []);
  });
});

/** Chooses what `db.yaml` is compared with, and tells what is found then. */
async function chosen(client: Editor, folder: string, given: CompareParams["with"]): Promise<unknown> {
  const params: CompareParams = { uri: uriIn(folder, "db.yaml"), with: given };
  const answer = await client.request<CompareResult>("ordinal/compare", params);
  return { answer, found: await client.found(folder, "db.yaml") };
}

const compared = (...notes: readonly string[]) => ({ type: "compared", notes });

describe("the base that is chosen for one file", () => {
  test("is another file, whose edits are followed", async (context) => {
    const old = (policy: string) => set(policy).replace("{ name: db }", "{ name: old-db }");
    const folder = repository(context, { "db.yaml": after, "old.yaml": old("Parallel") });
    const client = await editor(context, folder);
    const other = uriIn(folder, "old.yaml");
    await client.open(uriIn(folder, "db.yaml"), after);
    const byFile = () => chosen(client, folder, { type: "file", uri: other });
    // The only set of each, whatever their names.
    assert.deepEqual(await byFile(), { answer: compared(), found: [] });
    await client.open(other, old("OrderedReady"));
    assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
    await client.change(other, `${old("OrderedReady")}---\n${set("OrderedReady", "web")}`);
    assert.deepEqual(await client.found(folder, "db.yaml"), []);
    await client.change(other, `${old("OrderedReady")}---\n${before}`);
    assert.deepEqual(await client.found(folder, "db.yaml"), flagged);
    assert.deepEqual(await chosen(client, folder, { type: "setting" }), { answer: compared(), found: [] });
  });

  /** What a cluster has, and what is asked of it. */
  const live = (answer: LiveAnswer, asked: LiveQuestion[] = []): Live => ({
    context: () => Promise.resolve({ type: "context", context: "prod" }),
    read(question) {
      asked.push(question);
      return Promise.resolve(answer);
    },
  });
  const stored = JSON.stringify({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", namespace: "shop", uid: "u", resourceVersion: "7" },
    spec: {
      serviceName: "db",
      podManagementPolicy: "OrderedReady",
      selector: { matchLabels: { app: "db" } },
      template: {
        metadata: { labels: { app: "db" } },
        spec: { containers: [{ name: "db", image: "db" }] },
      },
    },
    status: { replicas: 1 },
  });
  const cluster = { type: "cluster", context: "prod" } as const;

  test("is what the cluster has", async (context) => {
    const folder = repository(context, { "db.yaml": after });
    const asked: LiveQuestion[] = [];
    const answer: LiveAnswer = { type: "read", context: "prod", namespace: undefined, text: stored };
    const client = await editor(context, folder, { runtime: { live: live(answer, asked) } });
    await client.open(uriIn(folder, "db.yaml"), after);
    assert.deepEqual(await client.request("ordinal/context", {}), { type: "context", context: "prod" });
    assert.deepEqual(asked, []);
    const notes = compared("db is compared with context prod, its namespace.");
    assert.deepEqual(await chosen(client, folder, cluster), { answer: notes, found: flagged });
    assert.deepEqual(asked, [{ what: "statefulset/db", namespace: undefined, context: "prod" }]);
    const former = await client.request<FormerResult>("ordinal/former", { uri: uriIn(folder, "db.yaml"), index: 0 });
    assert.equal(former?.base, "context prod");
    // It is read once, whatever is typed.
    await client.change(uriIn(folder, "db.yaml"), before);
    assert.deepEqual(await client.found(folder, "db.yaml"), []);
    assert.equal(asked.length, 1);
  });

  const failures: readonly (readonly [title: string, setup: Setup, answer: unknown])[] = [
    [
      "a set that is not there",
      { runtime: { live: live({ type: "absent", context: "prod", namespace: undefined }) } },
      compared("In context prod, its namespace there is no StatefulSet db: applying it creates it."),
    ],
    [
      "a cluster that does not answer",
      { runtime: { live: live({ type: "failed", reason: "kubectl took longer than 30 s" }) } },
      { type: "failed", reason: "kubectl took longer than 30 s" },
    ],
    ["no trust", { initializationOptions: {} }, { type: "failed", reason: "the workspace is not trusted" }],
  ];
  for (const [title, setup, answer] of failures) {
    test(`${title} is one message`, async (context) => {
      const folder = repository(context, { "db.yaml": after });
      const asked: LiveQuestion[] = [];
      const untouched = live({ type: "failed", reason: "" }, asked);
      const client = await editor(context, folder, { ...setup, runtime: { live: untouched, ...setup.runtime } });
      await client.open(uriIn(folder, "db.yaml"), after);
      assert.deepEqual(await chosen(client, folder, cluster), { answer, found: [] });
      assert.deepEqual(asked, []);
    });
  }
});
