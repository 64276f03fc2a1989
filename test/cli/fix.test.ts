import assert from "node:assert/strict";
import { chmodSync, linkSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";
import { replaceText, rewriteText, type Writable } from "../../server/src/cli/rewrite.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const retention = ["persistentVolumeClaimRetentionPolicy:", "  whenScaled: Delete"];
const wrong = `${statefulSet("db", retention)}---\n${service("db")}`;
const right = `${statefulSet("db")}---\n${service("db")}`;
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");

const encodings: readonly (readonly [string, (text: string) => Uint8Array])[] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16, little end first", utf16],
  ["UTF-16, big end first", (text) => utf16(text).swap16()],
  ["CRLF", (text) => Buffer.from(text.replaceAll("\n", "\r\n"))],
  ["no end of line at the end", (text) => Buffer.from(text.trimEnd())],
];
for (const [name, encode] of encodings) {
  test(`fixing keeps ${name}`, async (context) => {
    const cwd = directoryWith(context, { "db.yaml": encode(wrong) });
    const fixed = await ordinal(["lint", "--fix", "db.yaml"], { cwd });
    assert.deepEqual(fixed, {
      code: 0,
      stdout: "1 finding fixed.\nNothing to report in 1 file with 1 StatefulSet.\n",
      stderr: "",
    });
    assert.deepEqual(readFileSync(path.join(cwd, "db.yaml")), Buffer.from(encode(right)));
    assert.deepEqual(readdirSync(cwd), ["db.yaml"], "nothing is left behind");
  });
}

test("what is left is reported, at its place in the fixed file", async (context) => {
  const left = statefulSet("db", retention).replace(
    "apiVersion: apps/v1",
    "# ordinal-disable selector-empty\napiVersion: apps/v1",
  );
  const cwd = directoryWith(context, { "db.yaml": `${left}---\n${service("other", "db")}` });
  const { code, stdout } = await ordinal(["lint", "--fix", "--format", "json"], { cwd });
  assert.equal(code, 1);
  const report = JSON.parse(stdout) as { findings: { rule: string; line: number }[]; summary: { fixed: number } };
  assert.equal(report.summary.fixed, 2);
  assert.deepEqual(
    report.findings.map(({ rule, line }) => `${line} ${rule}`),
    ["6 service-missing"],
  );
});

test("nothing is changed beside what is named, nor without --fix", async (context) => {
  const cwd = directoryWith(context, { "in/db.yaml": wrong, "out/db.yaml": wrong });
  await ordinal(["lint"], { cwd });
  await ordinal(["lint", "--fix", "in"], { cwd });
  assert.equal(readFileSync(path.join(cwd, "in/db.yaml"), "utf8"), right);
  assert.equal(readFileSync(path.join(cwd, "out/db.yaml"), "utf8"), wrong);
});

test("a file that needs no fix is not touched, and a second run changes nothing", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": wrong, "right.yaml": right });
  const inode = statSync(path.join(cwd, "right.yaml")).ino;
  await ordinal(["lint", "--fix"], { cwd });
  const again = statSync(path.join(cwd, "db.yaml")).ino;
  const { stdout } = await ordinal(["lint", "--fix"], { cwd });
  assert.match(stdout, /^Nothing to report/);
  assert.equal(statSync(path.join(cwd, "right.yaml")).ino, inode);
  assert.equal(statSync(path.join(cwd, "db.yaml")).ino, again);
});

test("links stay links, permissions stay, and what lies elsewhere is left alone", async (context) => {
  const cwd = directoryWith(context, { "project/real.yaml": wrong, "elsewhere/db.yaml": wrong });
  const file = (name: string) => path.join(cwd, name);
  chmodSync(file("project/real.yaml"), 0o640);
  symlinkSync("real.yaml", file("project/link.yaml"));
  symlinkSync("../elsewhere/db.yaml", file("project/out.yaml"));
  const { code, stderr } = await ordinal(["lint", "--fix", "project"], { cwd });
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `ordinal: project/out.yaml is a link to ${file("elsewhere/db.yaml")}, which was not asked about\n`,
  );
  assert.ok(lstatSync(file("project/link.yaml")).isSymbolicLink());
  assert.equal(readFileSync(file("project/real.yaml"), "utf8"), right);
  assert.equal(statSync(file("project/real.yaml")).mode & 0o777, 0o640);
  assert.equal(readFileSync(file("elsewhere/db.yaml"), "utf8"), wrong);

  assert.equal((await ordinal(["lint", "--fix", "project/out.yaml"], { cwd })).code, 0);
  assert.ok(lstatSync(file("project/out.yaml")).isSymbolicLink());
  assert.equal(readFileSync(file("elsewhere/db.yaml"), "utf8"), right);
});

test("hard links stay hard links", async (context) => {
  const cwd = directoryWith(context, { "project/db.yaml": wrong });
  const [file, other] = [path.join(cwd, "project/db.yaml"), path.join(cwd, "other.yaml")];
  linkSync(file, other);
  const { ino } = statSync(file);
  assert.equal((await ordinal(["lint", "--fix", "project"], { cwd })).code, 0);
  assert.equal(statSync(file).ino, ino);
  assert.equal(readFileSync(other, "utf8"), right);
});

for (const mode of [0o444, 0o555]) {
  test(`a file of mode ${mode.toString(8)} is named, and reported on as it is`, async (context) => {
    const cwd = directoryWith(context, { "db.yaml": wrong });
    chmodSync(path.join(cwd, "db.yaml"), mode);
    const { code, stdout, stderr } = await ordinal(["lint", "--fix"], { cwd });
    assert.equal(code, 2);
    assert.equal(stderr, "ordinal: db.yaml is read-only, and is left as it is\n");
    assert.match(stdout, /^db\.yaml\n.*retention-no-templates/);
    assert.equal(readFileSync(path.join(cwd, "db.yaml"), "utf8"), wrong);
  });
}

test("a file that only others may write is named", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": wrong });
  chmodSync(cwd, 0o755);
  const { code, stderr } = await withoutPrivileges(() => ordinal(["lint", "--fix"], { cwd }));
  assert.equal(code, 2);
  assert.equal(stderr, "ordinal: db.yaml cannot be written: permission denied\n");
});

test("in a directory that cannot be written there is no place for a copy, so nothing is written", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": wrong });
  chmodSync(path.join(cwd, "db.yaml"), 0o666);
  chmodSync(cwd, 0o555);
  const { code, stderr } = await withoutPrivileges(() => ordinal(["lint", "--fix"], { cwd }));
  chmodSync(cwd, 0o755);
  assert.equal(code, 2);
  const why = "no copy of it can be kept in its directory: permission denied";
  assert.equal(stderr, `ordinal: db.yaml cannot be written: ${why}\n`);
  assert.equal(readFileSync(path.join(cwd, "db.yaml"), "utf8"), wrong);
});

/** Replaces `old` by `new and longer` in a file whose writes fail in the middle so often. */
async function interrupted(file: string, failures: number): Promise<string | undefined> {
  const opened = await open(file, "r+");
  let left = failures;
  const write: Writable["write"] = async (bytes, offset, length, at) => {
    if (left === 0) return opened.write(bytes, offset, length, at);
    left -= 1;
    await opened.write(bytes, offset, 2, at);
    throw Object.assign(new Error("full"), { code: "ENOSPC" });
  };
  const failing: Writable = {
    readFile: () => opened.readFile(),
    stat: () => opened.stat(),
    truncate: (length) => opened.truncate(length),
    sync: () => opened.sync(),
    write,
  };
  try {
    return await replaceText(file, failing, "old", "new and longer");
  } finally {
    await opened.close();
  }
}

test("a write that fails in the middle is undone", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": "old" });
  await assert.rejects(interrupted(path.join(cwd, "db.yaml"), 1), { code: "ENOSPC" });
  assert.equal(readFileSync(path.join(cwd, "db.yaml"), "utf8"), "old");
  assert.deepEqual(readdirSync(cwd), ["db.yaml"]);
});

test("where that fails too, the text is in a copy, which is named", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": "old" });
  const problem = await interrupted(path.join(cwd, "db.yaml"), 2);
  const [, copy = ""] = /^cannot be written: the disk is full; its text is in (.*)$/.exec(problem ?? "") ?? [];
  assert.equal(readFileSync(copy, "utf8"), "old");
});

test("a file that has changed meanwhile is left as it is", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": "new: 1\n" });
  const file = path.join(cwd, "db.yaml");
  const rewrite = (before: string) => rewriteText(file, before, "fixed: 1\n", [cwd]);
  assert.equal(await rewrite("old: 1\n"), "has changed since it was read, and is left as it is");
  assert.equal(readFileSync(file, "utf8"), "new: 1\n");
  assert.equal(await rewrite("new: 1\n"), undefined);
  assert.equal(await rewrite("new: 1\n"), undefined, "under another name it has been written already");
  assert.equal(readFileSync(file, "utf8"), "fixed: 1\n");
});

test("standard input cannot be fixed", async (context) => {
  const cwd = directoryWith(context, {});
  assert.deepEqual(await ordinal(["lint", "--fix", "-"], { cwd, stdin: wrong }), {
    code: 2,
    stdout: "",
    stderr: "ordinal: --fix cannot change standard input\n",
  });
});

/** Permissions mean nothing to the superuser, who runs tests in containers. */
async function withoutPrivileges<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.("nobody");
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
