import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { test } from "node:test";
import { repo } from "../harness/repo.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith } from "./ordinal.js";

const main = repo("out/server/src/cli/commands/main.js");
const clean = `${statefulSet("db")}---\n${service("db")}`;

/** What the API server refuses, and Ordinal too. */
const refused = ["persistentVolumeClaimRetentionPolicy:", "  whenScaled: delete"];

test("the commands that are shipped start", () => {
  for (const command of ["cli", "server"]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [repo(`dist/${command}/main.cjs`), "--version"]);
    assert.deepEqual([status, String(stderr)], [0, ""]);
    assert.match(String(stdout), /^\d+\.\d+\.\d+\n$/);
  }
});

interface Run {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly code: number;
}

const runs: readonly Run[] = [
  { argv: ["lint", "clean.yaml"], code: 0 },
  { argv: ["lint", "-"], stdin: clean, code: 0 },
  { argv: ["lint", "."], code: 1 },
  { argv: ["lint", "missing.yaml"], code: 2 },
  { argv: ["plan", "clean.yaml"], code: 0 },
  { argv: ["plan", "-", "--from", "clean.yaml"], stdin: clean, code: 0 },
  { argv: ["plan", "rejected.yaml"], code: 1 },
  { argv: ["plan", "missing.yaml"], code: 2 },
  { argv: ["explain", "service-missing"], code: 0 },
  { argv: ["--frobnicate"], code: 2 },
];
for (const { argv, stdin, code } of runs) {
  test(`ordinal ${argv.join(" ")} ends with ${code}`, (context) => {
    const cwd = directoryWith(context, {
      "clean.yaml": clean,
      "rejected.yaml": statefulSet("web", refused),
    });
    const ended = spawnSync(process.execPath, [main, ...argv], { cwd, input: stdin ?? "", encoding: "utf8" });
    assert.equal(ended.status, code, ended.stderr);
    assert.equal(ended.stdout === "", code === 2 && argv[0] !== "lint");
    assert.equal(ended.stderr === "", code !== 2);
  });
}

test("a reader that closes the pipe early ends the run in silence", async (context) => {
  const sets = Array.from({ length: 600 }, (_, index) => statefulSet(`db-${index}`, refused));
  const cwd = directoryWith(context, { "many.yaml": sets.join("---\n") });
  const child = spawn(process.execPath, [main, "lint"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const stderr: Buffer[] = [];
  child.stderr.on("data", (data: Buffer) => stderr.push(data));
  // The report is larger than a pipe's buffer, so it is still being written when the reader has had enough.
  child.stdout.once("data", () => child.stdout.destroy());
  const [code]: unknown[] = await once(child, "close");
  assert.equal(Buffer.concat(stderr).toString(), "");
  assert.equal(code, 1);
});
