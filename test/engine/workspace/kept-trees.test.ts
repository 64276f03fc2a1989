import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { fileAt, segments } from "../../../server/src/engine/workspace/directory.js";
import { readChunk } from "../../../server/src/engine/workspace/source-file.js";
import { WorkspaceFiles } from "../../../server/src/engine/workspace/workspace.js";

const uriOf = (name: string) => `file:///work/${name}.yaml`;

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: None, selector: { app: ${name} } }
`;

/** Files of which so many characters keep their trees, and how often a text was read. */
function filesKeeping(characters: number) {
  let reads = 0;
  const files = new WorkspaceFiles(
    { settings: defaultConfig, flags: {} },
    (text, reading, visible) => {
      reads += 1;
      return readChunk(text, reading, visible);
    },
    characters,
  );
  const chunkOf = (name: string) => fileAt(files.snapshot.files, segments(uriOf(name)))!.documents[0]!.chunk;
  const readsOf = (ask: () => unknown) => {
    reads = 0;
    ask();
    return reads;
  };
  return { files, chunkOf, readsOf };
}

describe("the trees of many files", () => {
  test("are kept of those that were read last, and read anew of the others where they are asked for", () => {
    const { files, chunkOf, readsOf } = filesKeeping(0);
    const names = ["a", "b", "c", "d"];
    assert.equal(
      readsOf(() => names.forEach((name) => files.setFile(uriOf(name), service(name)))),
      names.length,
    );
    // There is room for twice the largest file.
    assert.equal(
      readsOf(() => [chunkOf("c").document, chunkOf("d").resources]),
      0,
    );
    const chunk = chunkOf("a");
    assert.equal(
      readsOf(() => [chunk.document, chunk.resources, chunk.document]),
      1,
    );
    assert.equal(
      readsOf(() => [chunkOf("d").document, chunkOf("a").document]),
      0,
      "a took the place of c",
    );
    assert.deepEqual(
      chunkOf("b").resources.map(({ key }) => key.name),
      ["b"],
    );
  });

  test("are no part of what others see: a file whose tree is gone is not read for them", () => {
    const { files, readsOf } = filesKeeping(0);
    for (let number = 0; number < 20; number++) files.setFile(uriOf(`db-${number}`), service(`db-${number}`));
    const known = () =>
      [...files.snapshot.index.directories.get("file:")!.directories.get("")!.directories.get("")!.directories.values()]
        .flatMap(({ files: below }) => [...below.values()])
        .flat()
        .flatMap(({ resources }) => resources.map(({ key }) => key.name));
    assert.equal(
      readsOf(() => assert.equal(known().length, 20)),
      0,
    );
  });

  test("of one large file are kept whole", () => {
    const { files, chunkOf, readsOf } = filesKeeping(0);
    const names = Array.from({ length: 50 }, (_, number) => `db-${number}`);
    files.setFile(uriOf("all"), names.map(service).join("---\n"));
    assert.equal(
      readsOf(() => fileAt(files.snapshot.files, segments(uriOf("all")))!.documents.map(({ chunk }) => chunk.document)),
      0,
    );
    assert.equal(chunkOf("all").resources.length, 1);
  });
});
