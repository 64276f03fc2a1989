import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { findProgram, notFound, withPaths } from "../../../server/src/node/render/tools.js";

test("a program is where its path says, or on the PATH", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "ordinal-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const directory of ["bin", "opt"]) {
    mkdirSync(path.join(folder, directory));
    const file = path.join(folder, directory, "helm");
    writeFileSync(file, "#!/bin/sh\n");
    chmodSync(file, 0o755);
  }
  const onPath = { PATH: path.join(folder, "bin") };
  const find = (helm: string | undefined) => findProgram("helm", withPaths(onPath, helm === undefined ? {} : { helm }));
  assert.equal(await find(undefined), path.join(folder, "bin/helm"));
  assert.equal(await find(path.join(folder, "opt/helm")), path.join(folder, "opt/helm"));
  // What is named and not there is not looked for elsewhere.
  assert.equal(await find(path.join(folder, "helm")), undefined);
  assert.equal(await find(folder), undefined);
  // What lies in a workspace must not be taken for it.
  assert.equal(await find("opt/helm"), undefined);
  assert.equal(await findProgram("git", withPaths(onPath, { helm: path.join(folder, "opt/helm") })), undefined);
  assert.equal(notFound("git", onPath), "git is not on the PATH");
  assert.equal(notFound("git", withPaths(onPath, { git: "/opt/git" })), "/opt/git is not a program");
});
