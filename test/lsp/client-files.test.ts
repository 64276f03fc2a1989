import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import {
  createConnection,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import {
  findFilesRequest,
  readFileRequest,
  type FindFilesParams,
  type ReadFileParams,
} from "../../server/src/protocol/protocol.js";
import { withClientFiles } from "../../server/src/lsp/client-files.js";
import type { FoundFile, Runtime } from "../../server/src/lsp/runtime.js";

/** It has files of the scheme `file`, and each says that. */
const machine: Runtime = {
  hasFile: (uri) => uri.startsWith("file:"),
  readFile: () => Promise.resolve({ type: "text", text: "of the machine" }),
  async *findFiles(folder) {
    yield { type: "file", uri: `${folder}/machine.yaml` };
  },
  now: () => 0,
  after: () => {},
};

async function all(found: AsyncIterable<FoundFile>): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = [];
  for await (const one of found) files.push(one);
  return files;
}

test("files that the machine has not are read by the client", async (t) => {
  const up = new PassThrough();
  const down = new PassThrough();
  const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  const client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  t.after(() => client.dispose());
  client.onRequest(readFileRequest, ({ uri }: ReadFileParams) => {
    if (uri.endsWith("/broken.yaml")) throw new Error("no network");
    return { type: "text", text: `client: ${uri}` };
  });
  client.onRequest(findFilesRequest, ({ folder }: FindFilesParams) => {
    if (folder === "memfs:/gone") throw new Error("no network");
    return ["db.yaml", "a/_helpers.tpl", "notes.txt", "node_modules/x/db.yaml"].map((name) => `${folder}/${name}`);
  });
  server.listen();
  client.listen();

  const { readFile, findFiles } = withClientFiles(machine, server);
  assert.deepEqual(await readFile("file:///db.yaml"), { type: "text", text: "of the machine" });
  assert.deepEqual(await readFile("memfs:/db.yaml"), { type: "text", text: "client: memfs:/db.yaml" });
  const broken = await readFile("memfs:/broken.yaml");
  assert.match(broken.type === "problem" ? broken.problem : "", /cannot be read: .*no network/);

  assert.deepEqual(await all(findFiles("file:///a")), [{ type: "file", uri: "file:///a/machine.yaml" }]);
  assert.deepEqual(await all(findFiles("memfs:/a")), [
    { type: "file", uri: "memfs:/a/db.yaml" },
    { type: "file", uri: "memfs:/a/a/_helpers.tpl" },
  ]);
  const [gone] = await all(findFiles("memfs:/gone"));
  assert.deepEqual([gone?.type, gone?.uri], ["problem", "memfs:/gone"]);
});
