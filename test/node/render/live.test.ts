import assert from "node:assert/strict";
import { createServer } from "node:http";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { readLive } from "../../../server/src/node/render/live.js";
import { statefulSet } from "../../cli/manifests.js";
import { directoryWith, ordinal } from "../../cli/ordinal.js";
import { failure, kubeconfigFor, liveCluster, type Answers } from "../../harness/cluster.js";
import { parse } from "yaml";
import { repo } from "../../harness/repo.js";
import { pathWithTools } from "./tools.js";

const files = {
  "db.yaml": statefulSet("db", ["replicas: 3"]),
  "other.yaml": statefulSet("db", ["replicas: 3"]).replace("serviceName: db", "serviceName: other"),
  "shop.yaml": statefulSet("db", ["replicas: 2"]).replace("  name: db\n", "  name: db\n  namespace: shop\n"),
};

/** The set as an API server has it, with what it knows of the moment. */
function stored(text: string): unknown {
  const set: { readonly metadata: object; readonly spec: object } = parse(text);
  const metadata = { namespace: "default", ...set.metadata, uid: "u-1", resourceVersion: "7", generation: 1 };
  return { ...set, metadata };
}

const sets = "/apis/apps/v1/namespaces/default/statefulsets";
const live: Answers = (asked) => (asked === `${sets}/db` ? { status: 200, body: stored(files["db.yaml"]) } : undefined);

/** A directory with the manifests, and a real kubectl whose current context `test` is this API server. */
async function surroundings(context: TestContext, answers: Answers, asked: string[] = []) {
  const { kubeconfig, close } = await liveCluster(answers, asked);
  context.after(close);
  return inDirectory(context, kubeconfig);
}

function inDirectory(context: TestContext, kubeconfig: string) {
  const cwd = directoryWith(context, files);
  writeFileSync(path.join(cwd, "kubeconfig"), kubeconfig);
  return { cwd, env: { PATH: pathWithTools, HOME: cwd, KUBECONFIG: path.join(cwd, "kubeconfig") } };
}

test("--from kubectl: compares with the set as the cluster has it, and only reads", async (context) => {
  const asked: string[] = [];
  const there = await surroundings(context, live, asked);
  const same = await ordinal(["plan", "db.yaml", "--from", "kubectl:"], there);
  assert.equal(same.stderr, "ordinal: db is compared with context test, its namespace\n");
  assert.match(same.stdout, /^update StatefulSet db: /);
  assert.equal(same.code, 0);
  const other = await ordinal(["plan", "other.yaml", "--from", "kubectl:test"], there);
  assert.match(other.stdout, /spec\.serviceName: cannot change from "db" to "other"/);
  assert.equal(other.code, 1);
  assert.ok(asked.length > 0 && asked.every((line) => line.startsWith("GET ")), asked.join());
});

test("--from kubectl: of a set that the cluster does not have is a creation, in its own namespace", async (context) => {
  const asked: string[] = [];
  const there = await surroundings(context, () => undefined, asked);
  const { code, stderr, stdout } = await ordinal(["plan", "shop.yaml", "--from", "kubectl:"], there);
  assert.equal(stderr, "ordinal: context test, namespace shop, has no StatefulSet db, so it is created\n");
  assert.match(stdout, /^create StatefulSet shop\/db|^create StatefulSet db/);
  assert.equal(code, 0);
  assert.equal(asked[0], "GET /apis/apps/v1/namespaces/shop/statefulsets/db");
  assert.ok(asked.every((line) => line.startsWith("GET ")));
});

test("--start kubectl: starts from the pods and claims of the cluster, as from a dump of them", async (context) => {
  const recorded = readFileSync(repo("test/truth/dumps.jsonl"), "utf8")
    .split("\n")
    .find((line) => line.includes('"category":"mid-rollout"') || line.includes('"category": "mid-rollout"'));
  const { dump }: { readonly dump: string } = JSON.parse(recorded ?? assert.fail());
  const { items }: { readonly items: readonly { readonly apiVersion: string; readonly kind: string }[] } = parse(dump);
  const there = await surroundings(context, (asked) => {
    const resource = asked.split("/").at(-1);
    const found = items.filter(({ kind }) => `${kind.toLowerCase()}s` === resource);
    const { apiVersion = "v1", kind = "Pod" } = found[0] ?? {};
    return { status: 200, body: { apiVersion, kind: `${kind}List`, metadata: {}, items: found } };
  });
  writeFileSync(path.join(there.cwd, "now.yaml"), dump);
  const fromFile = await ordinal(["plan", "--start", "now.yaml"], there);
  const fromCluster = await ordinal(["plan", "--start", "kubectl:"], there);
  assert.match(fromCluster.stdout, /^go on with StatefulSet web/);
  assert.deepEqual(fromCluster, { ...fromFile, stderr: "ordinal: the start is context test, its namespace\n" });
});

const forbidden = failure(403, "Forbidden", 'statefulsets.apps "db" is forbidden: User "u" cannot get resource');
const refused: readonly (readonly [what: string, given: string, answers: Answers, message: RegExp])[] = [
  [
    "a forbidden set",
    "kubectl:",
    () => ({ status: 403, body: forbidden }),
    /^ordinal: kubectl:: kubectl cannot read it in context test: .*forbidden/,
  ],
  [
    "another context than expected",
    "kubectl:prod",
    live,
    /^ordinal: kubectl:prod: the current context of kubectl is test, not prod: nothing was read\n$/,
  ],
];
for (const [what, given, answers, message] of refused) {
  test(`${what} is one message`, async (context) => {
    const asked: string[] = [];
    const there = await surroundings(context, answers, asked);
    const { code, stdout, stderr } = await ordinal(["plan", "db.yaml", "--from", given], there);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, message);
    if (given === "kubectl:prod") assert.deepEqual(asked, []);
  });
}

test("a cluster that hangs is not waited for", async (context) => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const there = inDirectory(context, kubeconfigFor(port));
  const { code, stderr } = await ordinal(["plan", "db.yaml", "--from", "kubectl:"], there);
  assert.equal(code, 2);
  assert.match(stderr, /^ordinal: kubectl:: kubectl cannot read it in context test: .+\n$/);
});

test("without kubectl, or with one that names no context, nothing is played", async (context) => {
  const { cwd } = await surroundings(context, live);
  const plan = (env: Readonly<Record<string, string>>) =>
    ordinal(["plan", "db.yaml", "--from", "kubectl:"], { cwd, env });
  assert.equal((await plan({ PATH: "/nowhere" })).stderr, "ordinal: kubectl:: kubectl is not on the PATH\n");
  const empty = await plan({ PATH: pathWithTools, HOME: cwd, KUBECONFIG: path.join(cwd, "none") });
  assert.match(empty.stderr, /^ordinal: kubectl:: kubectl names no current context: /);
});

test("a hostile name is an argument, never an option", async (context) => {
  const cwd = directoryWith(context, {
    kubectl: '#!/bin/sh\nif [ "$1" = config ]; then echo test; else printf "%s\\n" "$@" >&2; exit 1; fi\n',
  });
  chmodSync(path.join(cwd, "kubectl"), 0o755);
  const answer = await readLive(
    { what: "statefulset/--kubeconfig=x; rm -rf /", namespace: "--all-namespaces" },
    { PATH: `${cwd}:/usr/bin:/bin` },
    cwd,
  );
  assert.ok(answer.type === "failed" && answer.reason.includes("--namespace=--all-namespaces"), JSON.stringify(answer));
});
