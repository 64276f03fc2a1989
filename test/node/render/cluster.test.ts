import assert from "node:assert/strict";
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { askCluster } from "../../../server/src/node/render/cluster.js";
import type { ClusterResult } from "../../../server/src/protocol/protocol.js";
import { service, statefulSet } from "../../cli/manifests.js";
import { directoryWith, ordinal } from "../../cli/ordinal.js";
import { connect, type Setup } from "../../lsp/client.js";
import { clusterOf, kubeconfigFor } from "../../harness/cluster.js";
import { pathWithTools } from "./tools.js";

/** Before 1.33 a set without `serviceName` is refused. */
const manifest = `${statefulSet("till").replace("  serviceName: till\n", "")}---\n${service("till")}`;

/** What a real kubectl needs to talk to an API server of that version, which listens until the test ends. */
async function environment(context: TestContext, gitVersion: string | undefined) {
  const cwd = directoryWith(context, { "till.yaml": manifest, ".git/HEAD": "" });
  const { kubeconfig, close } = await clusterOf(gitVersion);
  context.after(close);
  writeFileSync(path.join(cwd, "kubeconfig"), kubeconfig);
  return { cwd, env: { PATH: pathWithTools, HOME: cwd, KUBECONFIG: path.join(cwd, "kubeconfig") } };
}

describe("ordinal --ask-cluster", () => {
  test("checks for the release of the cluster", async (context) => {
    const surroundings = await environment(context, "v1.32.4-gke.1047");
    const asked = await ordinal(["lint", "till.yaml", "--ask-cluster"], surroundings);
    assert.equal(asked.stderr, "ordinal: the cluster runs Kubernetes 1.32.4\n");
    assert.match(asked.stdout, /service-name-unset/);
    assert.equal(asked.code, 1);
    assert.equal((await ordinal(["lint", "till.yaml"], surroundings)).code, 0, "nothing is asked without it");
    const plan = await ordinal(["plan", "till.yaml", "--ask-cluster"], surroundings);
    assert.match(plan.stderr, /runs Kubernetes 1\.32\.4/);
  });

  test("tells once that a release is not known", async (context) => {
    const surroundings = await environment(context, "v1.38.0-alpha.2");
    const { stderr } = await ordinal(["lint", "till.yaml", "--ask-cluster"], surroundings);
    assert.equal(stderr.match(/newer than this version of Ordinal/g)?.length, 1);
  });

  test("says why there is no answer", async (context) => {
    const broken = await environment(context, undefined);
    const { code, stderr, stdout } = await ordinal(["lint", "till.yaml", "--ask-cluster"], broken);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^ordinal: --ask-cluster: .+\n$/);
    const without = await ordinal(["lint", "till.yaml", "--ask-cluster"], { ...broken, env: { PATH: "/nowhere" } });
    assert.equal(without.stderr, "ordinal: --ask-cluster: kubectl is not on the PATH\n");
    const both = ["lint", "till.yaml", "--ask-cluster", "--kubernetes-version", "1.36"];
    assert.match((await ordinal(both, broken)).stderr, /--kubernetes-version cannot be used together/);
  });
});

describe("the editor's question", () => {
  const disk = new Map([["till.yaml", manifest]]);
  const ask = async (context: TestContext, setup: Setup, gitVersion = "v1.32.4") => {
    const { env, cwd } = await environment(context, gitVersion);
    const client = await connect(context, {
      disk,
      folders: [""],
      capabilities: { textDocument: { diagnostic: {} } },
      ...setup,
      runtime: { askCluster: () => askCluster(env, cwd) },
    });
    const rules = async () => {
      const { items } = await client.request<{ items: readonly { code: string; severity: number }[] }>(
        "textDocument/diagnostic",
        { textDocument: { uri: "file:///work/till.yaml" } },
      );
      return items.map(({ code, severity }) => `${severity} ${code}`);
    };
    await client.open("till.yaml", manifest);
    const before = await rules();
    const answer = await client.request<ClusterResult>("ordinal/cluster", {});
    return { before, answer, after: await rules() };
  };

  test("decides what auto means", async (context) => {
    const { before, answer, after } = await ask(context, {
      initializationOptions: { trusted: true, kubernetesVersion: "auto" },
    });
    assert.deepEqual(answer, { type: "release", release: "1.32.4", isUsed: true });
    assert.ok(!before.includes("1 service-name-unset"));
    assert.ok(after.includes("1 service-name-unset"));
  });

  test("changes nothing where a release is named", async (context) => {
    const { before, answer, after } = await ask(context, {
      initializationOptions: { trusted: true, kubernetesVersion: "1.36" },
    });
    assert.deepEqual(answer, { type: "release", release: "1.32.4", isUsed: false });
    assert.deepEqual(after, before);
  });

  test("is not asked before the workspace is trusted", async (context) => {
    const { before, answer, after } = await ask(context, { initializationOptions: { kubernetesVersion: "auto" } });
    assert.deepEqual(answer, { type: "failed", reason: "the workspace is not trusted" });
    assert.deepEqual(after, before);
  });
});

test("an API server that hangs is not waited for", async (context) => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const cwd = directoryWith(context, {
    kubeconfig: kubeconfigFor(address.port),
  });
  const env = { PATH: pathWithTools, HOME: cwd, KUBECONFIG: path.join(cwd, "kubeconfig") };
  const answer = await askCluster(env, cwd);
  assert.equal(answer.type, "failed");
});
