import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { createProjects } from "../../server/src/cli/context.js";

async function within(directories: readonly string[], check: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(path.join(tmpdir(), "ordinal-project-"));
  try {
    for (const directory of directories) mkdirSync(path.join(root, directory), { recursive: true });
    await check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("without a repository a project is the outermost directory", () =>
  within(["app/base", "app/overlays/prod"], async (root) => {
    assert.equal(await createProjects()(path.join(root, "app/overlays/prod")), root);
  }));

test("a shelf of repositories is no project", () =>
  within(["shelf/one/.git", "shelf/unpacked/k8s/base"], async (root) => {
    const projects = createProjects();
    assert.equal(await projects(path.join(root, "shelf/unpacked/k8s/base")), path.join(root, "shelf/unpacked"));
    assert.equal(await projects(path.join(root, "shelf/one")), path.join(root, "shelf/one"));
  }));

test("a repository is one project with its submodules", () =>
  within([".git", "charts/library/.git", "k8s"], async (root) => {
    assert.equal(await createProjects()(path.join(root, "k8s")), root);
  }));

test("many directories of one project are walked once", () => {
  const names = Array.from({ length: 400 }, (_, index) => `overlays/${index}`);
  return within([".git", ...names], async (root) => {
    const projects = createProjects();
    const before = process.cpuUsage();
    for (const name of names) assert.equal(await projects(path.join(root, name)), root);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1e6} s`);
  });
});
