import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogMessageParams } from "vscode-languageserver/node";
import { connect, textDocument, uriOf, isTrouble } from "./client.js";
import { statefulSet } from "./manifests.js";

test("a handler that fails is logged with what it was asked, and the server goes on", async (t) => {
  const client = await connect(t, {});
  await client.open("db.yaml", statefulSet("db"));
  const nonsense = { ...textDocument("db.yaml"), position: null };
  assert.equal(await client.request("textDocument/hover", nonsense), null);
  const { type, message } = await client.next<LogMessageParams>("window/logMessage", isTrouble);
  assert.equal(type, 1);
  assert.ok(message.startsWith(`textDocument/hover ${JSON.stringify(nonsense)}: TypeError: `), message);
  assert.ok(await client.request("textDocument/hover", { ...nonsense, position: { line: 7, character: 4 } }));
});

test("a runtime that breaks its word is logged, and the server goes on", async (t) => {
  const client = await connect(t, {
    folders: [""],
    disk: new Map([["db.yaml", ""]]),
    runtime: { readFile: () => Promise.reject(new Error("the disk is on fire")) },
  });
  const { message } = await client.next<LogMessageParams>("window/logMessage", isTrouble);
  assert.match(message, /the disk is on fire/);
  await client.open("db.yaml", statefulSet("db"));
  const result = await client.request<{ statefulSets: unknown[] }>("ordinal/rollout", { uri: uriOf("db.yaml") });
  assert.equal(result.statefulSets.length, 1);
});

test("notifications that make no sense do no harm", async (t) => {
  const client = await connect(t, { folders: [""] });
  await client.notify("textDocument/didChange", {
    textDocument: { uri: uriOf("unknown.yaml"), version: 1 },
    contentChanges: [{ text: "" }],
  });
  await client.close("unknown.yaml");
  await client.notify("workspace/didChangeWatchedFiles", { changes: null });
  await client.notify("workspace/didChangeConfiguration", {});
  await client.notify("no/such/notification", {});
  await client.open("db.yaml", statefulSet("db"));
  const result = await client.request<{ statefulSets: unknown[] }>("ordinal/rollout", { uri: uriOf("db.yaml") });
  assert.equal(result.statefulSets.length, 1);
});
