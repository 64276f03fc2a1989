import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogMessageParams } from "vscode-languageserver/node";
import {
  contextRequest,
  programMissingNotification,
  type ContextResult,
  type ProgramMissingParams,
} from "../../server/src/protocol/protocol.js";
import type { ProgramPaths, Runtime } from "../../server/src/lsp/runtime.js";
import { connect } from "./client.js";
import { service, statefulSet } from "./manifests.js";

/** A machine whose only kubectl is `/opt/kubectl`, which is not on the PATH. */
function machine(): Partial<Runtime> {
  let paths: ProgramPaths = {};
  return {
    programs: {
      use(given) {
        paths = given;
      },
      find: (program) => Promise.resolve(paths[program] === "/opt/kubectl" ? "/opt/kubectl" : undefined),
    },
    live: {
      context: () =>
        Promise.resolve(
          paths.kubectl === "/opt/kubectl"
            ? { type: "context", context: "home" }
            : { type: "failed", reason: "kubectl is not on the PATH" },
        ),
      read: () => Promise.reject(new Error("nothing is read")),
    },
  };
}

test("the client learns once that a program is missing, and the path of the setting is used", async (t) => {
  const client = await connect(t, {
    initializationOptions: { trusted: true, programPaths: true },
    runtime: machine(),
  });
  const ask = () => client.request<ContextResult>(contextRequest, {});
  const missing = () => client.all<ProgramMissingParams>(programMissingNotification).length;
  const change = (paths: object) =>
    client.notify("workspace/didChangeConfiguration", { settings: { ordinal: { paths } } });

  assert.equal((await ask()).type, "failed");
  assert.deepEqual(await client.next(programMissingNotification), { program: "kubectl" });
  await ask();
  assert.equal(missing(), 1);

  await change({ kubectl: "/nowhere/kubectl" });
  await ask();
  assert.deepEqual(await client.next(programMissingNotification), { program: "kubectl", path: "/nowhere/kubectl" });

  await change({ kubectl: " /opt/kubectl " });
  assert.deepEqual(await ask(), { type: "context", context: "home" });
  assert.equal(missing(), 2);
});

test("the log says what was read, where the programs are, and what they did", async (t) => {
  const client = await connect(t, {
    folders: [""],
    disk: new Map([
      ["db.yaml", statefulSet("db")],
      ["svc.yaml", service("db")],
    ]),
    initializationOptions: { trusted: true },
    runtime: { ...machine(), now: () => 0 },
  });
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  await client.request(contextRequest, {});
  const lines = client.all<LogMessageParams>("window/logMessage").map(({ type, message }) => `${type} ${message}`);
  assert.match(lines.join("\n"), /^3 Ordinal \S+: 2 files read in 0\.0 s, 1 of them with StatefulSets \(.*\)$/m);
  assert.match(lines.join("\n"), /^3 Programs: git: not found, helm: not found, kubectl: not found, kustomize: not/m);
  assert.match(lines.join("\n"), /^2 kubectl: current context: kubectl is not on the PATH$/m);
});
