import assert from "node:assert/strict";
import { test } from "node:test";
import type { FoldingRange, InlayHint } from "vscode-languageserver/node";
import {
  hasSetsRequest,
  setsRequest,
  statusRequest,
  type SetsResult,
  type StatusResult,
} from "../../server/src/protocol/protocol.js";
import { connect, textDocument } from "./client.js";
import { service, statefulSet } from "./manifests.js";

const set = statefulSet("db");
const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

test("hints follow the settings, and are asked for anew when other files change", async (t) => {
  let inlayHints = {};
  const client = await connect(t, {
    capabilities: { workspace: { inlayHint: { refreshSupport: true }, configuration: true } },
    configuration: () => ({ inlayHints }),
  });
  await client.open("db.yaml", set);
  const ask = async () => {
    const found: InlayHint[] = await client.request("textDocument/inlayHint", {
      ...textDocument("db.yaml"),
      range: all,
    });
    return found.map(({ label }) => label);
  };
  assert.deepEqual(await ask(), ["db-0 ... db-2"]);
  await client.next("workspace/inlayHint/refresh");
  await client.open("svc.yaml", service("db"));
  await client.next("workspace/inlayHint/refresh");
  assert.deepEqual(await ask(), ["db-0.db, ...", "db-0 ... db-2"]);
  inlayHints = { pods: false, defaults: true };
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.next("workspace/inlayHint/refresh");
  assert.deepEqual(await ask(), ["podManagementPolicy: OrderedReady, updateStrategy: RollingUpdate", "db-0.db, ..."]);
});

test("documents can be folded", async (t) => {
  const client = await connect(t, {});
  await client.open("db.yaml", `${set}---\n${service("db")}`);
  const found: FoldingRange[] = await client.request("textDocument/foldingRange", textDocument("db.yaml"));
  const lines = set.split("\n").length - 1;
  assert.deepEqual(
    found.filter(({ kind }) => kind === "region").map(({ startLine }) => startLine),
    [0, lines],
  );
  assert.ok(found.some(({ kind, startLine }) => kind === undefined && startLine === set.split("\n").indexOf("spec:")));
});

test("the status of a file: its release, its profile, and how many files are read", async (t) => {
  const disk = new Map([
    ["a/.ordinal.yaml", "kubernetesVersion: 1.34\nprofile: strict\n"],
    ["a/svc.yaml", service("db")],
  ]);
  const client = await connect(t, { disk, folders: [""] });
  await client.open("a/db.yaml", set);
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  const ask = (name: string) => client.request<StatusResult>(statusRequest, textDocument(name));
  assert.deepEqual(await ask("a/db.yaml"), {
    release: "Kubernetes 1.34",
    profile: "strict",
    files: 3,
    isReading: false,
  });
  assert.equal(await ask("b.yaml"), null);
});

test("whether there is a StatefulSet, and which", async (t) => {
  const disk = new Map([["svc.yaml", service("db")]]);
  const client = await connect(t, { disk, folders: [""] });
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  const ask = async () => [
    await client.request<boolean>(hasSetsRequest, {}),
    (await client.request<SetsResult>(setsRequest, {})).map(({ name }) => name),
  ];
  assert.deepEqual(await ask(), [false, []]);
  await client.open("db.yaml", set);
  assert.deepEqual(await ask(), [true, ["db"]]);
});
