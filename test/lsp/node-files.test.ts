import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { decodeText, findManifests, readFound, readText } from "../../server/src/node/disk/files.js";
import { createNodeRuntime } from "../../server/src/node/runtime.js";

const nodeRuntime = createNodeRuntime();

/** A directory of its own with files by their names; a name that ends with "/" is a directory. Gone with the test. */
function directory(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const made = mkdtempSync(path.join(tmpdir(), "ordinal-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(made, name);
    mkdirSync(name.endsWith("/") ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(file, content);
  }
  return made;
}

/** What is found, relative to the directory, with `!` and the problem's words where there is one. */
async function found(top: string): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const one of findManifests(top)) {
    const name = path.relative(top, one.path).replaceAll(path.sep, "/");
    all.push(one.type === "file" ? name : `${name}! ${one.problem.replace(/it leads back to .*/, "it leads back")}`);
  }
  return all;
}

test("files that may hold manifests are found in the order of their names, those of dependencies are not", async (t) => {
  const top = directory(t, {
    "b.yml": "",
    "a.yaml": "",
    "C.YAML": "",
    "d.json": "",
    "e.txt": "",
    "sub/x.yaml": "",
    "sub/deeper/y.yaml": "",
    "sub.yaml/z.yaml": "",
    "node_modules/n.yaml": "",
    ".git/g.yaml": "",
    ".github/h.yaml": "",
  });
  assert.deepEqual(await found(top), [
    "C.YAML",
    "a.yaml",
    "b.yml",
    "d.json",
    ".github/h.yaml",
    "sub/x.yaml",
    "sub/deeper/y.yaml",
    "sub.yaml/z.yaml",
  ]);
});

test("a directory that does not exist is a problem", async (t) => {
  assert.deepEqual(await found(path.join(directory(t, {}), "nowhere")), ["! does not exist"]);
});

const bytes: readonly (readonly [string, Uint8Array, string])[] = [
  ["UTF-8", Buffer.from("a: ä"), "a: ä"],
  ["UTF-8 with its mark", Buffer.from("\uFEFFa: ä"), "a: ä"],
  ["UTF-16, little end first", Buffer.from("\uFEFFa: ä", "utf16le"), "a: ä"],
  ["UTF-16, big end first", Buffer.from("\uFEFFa: ä", "utf16le").swap16(), "a: ä"],
  ["nothing", Buffer.from(""), ""],
  ["NUL bytes", Buffer.from("a\0b"), "! is not text: it holds NUL bytes"],
  ["Latin-1", Buffer.from([0x61, 0xe4]), "! is not text in UTF-8"],
  ["half of UTF-16", Buffer.from([0xff, 0xfe, 0x61]), "! is not text in UTF-16LE"],
];
for (const [name, content, expected] of bytes) {
  test(`bytes: ${name}`, () => {
    const decoded = decodeText(content);
    assert.equal(decoded.type === "text" ? decoded.text : `! ${decoded.problem}`, expected);
  });
}

test("JSON in a directory is read where it may be a manifest, and passed over in silence where not", async (t) => {
  const manifest = '{ "apiVersion": "v1", "kind": "Service" }';
  const top = directory(t, {
    "manifest.json": manifest,
    "package.json": '{ "name": "kind" }',
    "schema.json": '{ "properties": { "apiVersion": { "type": "string" }, "kind": { "type": "string" } } }',
    "large.json": "",
    "binary.json": "\0",
    "binary.yaml": "\0",
  });
  truncateSync(path.join(top, "large.json"), 10 * 1024 * 1024 + 1);
  const read = (name: string) => readFound(path.join(top, name));
  assert.deepEqual(await read("manifest.json"), { type: "text", text: manifest });
  assert.equal(await read("package.json"), undefined);
  assert.equal(await read("schema.json"), undefined);
  assert.equal(await read("large.json"), undefined);
  assert.equal(await read("binary.json"), undefined);
  assert.deepEqual(await read("binary.yaml"), { type: "problem", problem: "is not text: it holds NUL bytes" });
});

test("what cannot be read says why", async (t) => {
  const top = directory(t, { "large.yaml": "", "dir.yaml/": "" });
  truncateSync(path.join(top, "large.yaml"), 10 * 1024 * 1024 + 1);
  const problem = async (name: string) => {
    const read = await readText(path.join(top, name));
    return read.type === "problem" && read.problem;
  };
  assert.equal(await problem("large.yaml"), "is larger than 10 MiB");
  assert.equal(await problem("dir.yaml"), "is a directory");
  assert.equal(await problem("nowhere.yaml"), "does not exist");
  assert.equal(await problem("bad\0name.yaml"), "cannot be read: ERR_INVALID_ARG_VALUE");
  if (process.platform !== "win32") {
    const device = await readText("/dev/zero");
    assert.deepEqual(device, { type: "problem", problem: "is not a file" });
  }
});

/** Links and permissions are another matter on Windows. */
for (const onPosix of process.platform === "win32" ? [] : [test]) {
  onPosix("what may not be read says so", async (t) => {
    const top = directory(t, { "db.yaml": "", "closed/x.yaml": "" });
    chmodSync(top, 0o755);
    chmodSync(path.join(top, "db.yaml"), 0);
    chmodSync(path.join(top, "closed"), 0);
    await asNobody(async () => {
      assert.deepEqual(await readText(path.join(top, "db.yaml")), {
        type: "problem",
        problem: "cannot be read: permission denied",
      });
      assert.deepEqual(await found(top), ["db.yaml", "closed! cannot be read: permission denied"]);
    });
    chmodSync(path.join(top, "closed"), 0o700);
  });

  onPosix("links are followed once, and those that lead back are named", async (t) => {
    const outside = directory(t, { "o.yaml": "" });
    const top = directory(t, { "a/x.yaml": "", "b/": "" });
    symlinkSync(top, path.join(top, "a", "up"));
    symlinkSync(path.join(top, "a"), path.join(top, "b", "again"));
    symlinkSync(outside, path.join(top, "b", "outside"));
    symlinkSync(top, path.join(outside, "back"));
    symlinkSync("self", path.join(top, "b", "self"));
    symlinkSync("nowhere", path.join(top, "b", "broken.yaml"));
    symlinkSync("nowhere", path.join(top, "b", "broken.txt"));
    symlinkSync(path.join(top, "a", "x.yaml"), path.join(top, "b", "x.yaml"));
    assert.deepEqual(await found(top), [
      "a/x.yaml",
      "b/broken.yaml! does not exist",
      "b/self! is a symbolic link that leads back to itself",
      "b/x.yaml",
      "a/up! is a directory loop: it leads back",
      "b/outside/o.yaml",
      "b/outside/back! is a directory loop: it leads back",
    ]);
  });
}

/** Root may read everything, so it is somebody else for a while. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}

test("URIs of anything but files are nowhere on this machine", async () => {
  for (const uri of [
    "untitled:Untitled-1",
    "git:/work/db.yaml",
    "http://example.com/db.yaml",
    "file:///a%2Fb",
    "nonsense",
  ]) {
    assert.deepEqual(await nodeRuntime.readFile(uri), { type: "problem", problem: "is nowhere on this machine" });
  }
  for await (const one of nodeRuntime.findFiles("vscode-vfs://github/a/b")) assert.equal(one.type, "problem");
});
