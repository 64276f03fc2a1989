import assert from "node:assert/strict";
import { test } from "node:test";
import type { Source } from "../../server/src/engine/api.js";
import type { Builder } from "../../server/src/lsp/runtime.js";
import type {
  Build,
  BuiltPlaceResult,
  BuiltResult,
  NodesParams,
  NodesResult,
} from "../../server/src/protocol/protocol.js";
import { statefulSet } from "../cli/manifests.js";
import { connect, root, uriOf, type TestClient } from "./client.js";

const build: Build = { tool: "kustomize", directory: `${root}prod` };
const base: Source = { uri: `${root}base/db.yaml`, name: "db.yaml", text: statefulSet("db") };
const kustomization: Source = {
  uri: `${root}prod/kustomization.yaml`,
  name: "kustomization.yaml",
  text: "resources: [db.yaml]\nreplicas:\n  - name: db\n    count: 3\n",
};

const drainAll: NodesParams["asked"] = {
  play: "drain-all",
  nodes: 3,
  zones: 0,
  node: undefined,
  zone: undefined,
  to: undefined,
  surge: false,
  volumes: "zone",
  rollout: false,
  sets: "one",
  lanes: "node",
};

/** Tells what it was asked for, and builds the set with three replicas, or `replicas`, unless it is to fail. */
function builder(asked: string[], fails: () => boolean = () => false, replicas = "3"): Builder {
  return {
    buildsWith: (uri, folders) => {
      asked.push(`${uri} in ${folders.join(" ")}`);
      return Promise.resolve([build]);
    },
    build: ({ directory }, { kubernetesVersion }) => {
      asked.push(`${directory} for ${kubernetesVersion}`);
      if (fails())
        return Promise.resolve({ type: "failed", reason: "no such file", place: { uri: base.uri, line: 3 } });
      const output = statefulSet("db", [`replicas: ${replicas}`]).replace(
        "metadata:\n",
        'metadata:\n  annotations:\n    config.kubernetes.io/origin: "path: db.yaml\\n"\n',
      );
      const sources = [base, kustomization];
      return Promise.resolve({
        type: "built",
        output: { tool: "kustomize", output, sources, values: [], root: kustomization },
      });
    },
  };
}

test("nothing is built before the workspace is trusted", async (context) => {
  const asked: string[] = [];
  const client = await connect(context, { folders: [""], runtime: { builder: builder(asked) } });
  assert.deepEqual(await client.request("ordinal/builds", { uri: base.uri }), []);
  assert.equal(await problemOf(client), "the workspace is not trusted");
  assert.deepEqual(asked, []);
  await client.notify("ordinal/trusted", {});
  assert.deepEqual(await client.request("ordinal/builds", { uri: base.uri }), [build]);
  assert.deepEqual(asked, [`${base.uri} in file:///work`]);
});

test("nothing is built outside of the workspace's folders", async (context) => {
  const asked: string[] = [];
  const client = await connect(context, {
    runtime: { builder: builder(asked) },
    initializationOptions: { trusted: true },
    folders: [""],
  });
  for (const directory of ["file:///elsewhere", "file:///work/../elsewhere", "file:///work/%2e%2e/elsewhere"]) {
    assert.equal(await problemOf(client, directory), "the directory is not in the workspace", directory);
  }
  assert.deepEqual(asked, []);
});

test("a server that cannot run programs says that there are no builds", async (context) => {
  const client = await connect(context, { initializationOptions: { trusted: true } });
  assert.deepEqual(await client.request("ordinal/builds", { uri: base.uri }), []);
  assert.equal(await problemOf(client), "no programs can be run here");
  assert.equal(await client.request("ordinal/builtPlace", { build, index: 0, field: "spec" }), null);
});

test("a built set is played as it is built, and its fields are shown where they are written", async (context) => {
  const asked: string[] = [];
  const client = await connect(context, {
    runtime: { builder: builder(asked) },
    initializationOptions: { trusted: true },
    folders: [""],
  });
  const { statefulSets, problem }: BuiltResult = await client.request("ordinal/built", { build });
  assert.equal(problem, undefined);
  assert.deepEqual(asked, [`${build.directory} for 1.37`]);
  assert.deepEqual(
    statefulSets.map(({ name, source, written }) => ({ name, source, replicas: written?.replicas })),
    [{ name: "db", source: base.uri, replicas: 3 }],
  );
  const place = (field: string): Promise<BuiltPlaceResult> =>
    client.request("ordinal/builtPlace", { build, index: 0, field });
  assert.deepEqual(await place("spec.replicas"), {
    uri: kustomization.uri,
    start: { line: 3, character: 11 },
    end: { line: 3, character: 12 },
  });
  assert.equal((await place("spec.serviceName"))?.uri, base.uri);
  assert.equal(await client.request("ordinal/builtPlace", { build, index: 1, field: "spec" }), null);
  const nodes = (index: number): Promise<NodesResult> =>
    client.request("ordinal/nodes", { uri: base.uri, build, index, asked: drainAll, width: 800 });
  const played = await nodes(0);
  assert.ok(played.type === "played");
  assert.equal(played.headline, "The quorum is lost for 4 s");
  assert.deepEqual(await nodes(1), { type: "invalid", problems: ["The StatefulSet is not in the build any more"] });
});

test("a build that fails says why, and what it last made is still known", async (context) => {
  let fails = true;
  const client = await connect(context, {
    runtime: { builder: builder([], () => fails) },
    initializationOptions: { trusted: true },
    folders: [""],
  });
  const built = (): Promise<BuiltResult> => client.request("ordinal/built", { build });
  assert.deepEqual((await built()).statefulSets, []);
  fails = false;
  assert.equal((await built()).statefulSets[0]?.unreadable, undefined);
  fails = true;
  const { statefulSets, problem } = await built();
  assert.equal(problem, "base/db.yaml:3: no such file");
  assert.deepEqual(
    statefulSets.map(({ name, written, unreadable }) => ({ name, written, unreadable })),
    [{ name: "db", written: undefined, unreadable: "base/db.yaml:3: no such file" }],
  );
});

test("a built set with a value that another tool fills in says so, as a written one does", async (context) => {
  const client = await connect(context, {
    runtime: { builder: builder([], undefined, "${REPLICAS}") },
    initializationOptions: { trusted: true },
    folders: [""],
  });
  const { statefulSets }: BuiltResult = await client.request("ordinal/built", { build });
  assert.deepEqual(
    statefulSets.map(({ written, unreadable }) => ({ written, unreadable })),
    [{ written: undefined, unreadable: "spec.replicas is filled in by another tool" }],
  );
});

/** Why nothing is built; nothing is. */
async function problemOf(client: TestClient, directory = build.directory): Promise<string | undefined> {
  const { statefulSets, problem }: BuiltResult = await client.request("ordinal/built", {
    build: { ...build, directory },
  });
  assert.deepEqual(statefulSets, []);
  return problem;
}

test("nodes are played as the file is at that moment, with the budgets of other files", async (context) => {
  const client = await connect(context, {});
  const uri = uriOf("db.yaml");
  const budget = (limit: string): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db }
spec: { ${limit}, selector: { matchLabels: { app: db } } }
`;
  await client.open("db.yaml", statefulSet("db", ["replicas: 3"]));
  await client.open("pdb.yaml", budget("minAvailable: 3"));
  const headline = async (): Promise<string> => {
    const result = await client.request<NodesResult>("ordinal/nodes", { uri, index: 0, asked: drainAll, width: 800 });
    return result.type === "played" ? result.headline : result.problems.join();
  };
  assert.equal(await headline(), "Hangs at node-0");
  await client.change("pdb.yaml", budget("maxUnavailable: 1"));
  assert.match(await headline(), /^Every node drains/);
  await client.change("db.yaml", "kind: [");
  assert.equal(await headline(), "The StatefulSet is not in the manifest any more");
});
