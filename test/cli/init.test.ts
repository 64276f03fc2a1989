import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { repo } from "../harness/repo.js";
import { checkGolden } from "./golden.js";
import { statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const found = {
  ".github/dependabot.yml": "version: 2\n",
  ".gitlab-ci.yml": "stages: [test]\n",
  ".pre-commit-config.yaml": "repos: []\n",
};

test("init writes settings, and for what a project has what it needs", async (context) => {
  const cwd = directoryWith(context, found);
  const { code, stdout, stderr } = await ordinal(["init"], { cwd });
  assert.deepEqual([code, stderr], [0, ""]);
  checkGolden("init.txt", stdout);
  assert.ok(existsSync(path.join(cwd, ".github/workflows/ordinal.yaml")));
  for (const [name, text] of Object.entries(found)) assert.equal(readFileSync(path.join(cwd, name), "utf8"), text);
  assert.equal((await ordinal(["lint"], { cwd })).code, 0, "nothing is wrong with the settings");
});

test("init writes into a project without CI nothing but settings", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": statefulSet("db") });
  assert.equal((await ordinal(["init"], { cwd })).stdout, "Wrote .ordinal.yaml\n");
  assert.ok(!existsSync(path.join(cwd, ".github")));
});

test("init overwrites nothing without --force", async (context) => {
  const cwd = directoryWith(context, { ".ordinal.yaml": "profile: strict\n" });
  const kept = await ordinal(["init"], { cwd });
  assert.equal(kept.stdout, "Kept .ordinal.yaml, which is there already (--force overwrites it)\n");
  assert.equal(readFileSync(path.join(cwd, ".ordinal.yaml"), "utf8"), "profile: strict\n");
  await ordinal(["init", "--force"], { cwd });
  assert.match(readFileSync(path.join(cwd, ".ordinal.yaml"), "utf8"), /^# Settings of Ordinal/);
});

test("the settings that init writes hold without their comment marks, and all settings are among them", async (context) => {
  const cwd = directoryWith(context, {});
  await ordinal(["init"], { cwd });
  const file = path.join(cwd, ".ordinal.yaml");
  const settings = readFileSync(file, "utf8").replaceAll(/^# (?=(?: {2})?[\w-]+:(?: [^ ]|$).*$)/gm, "");
  const active = settings.replaceAll(/^#.*\n/gm, "");
  writeFileSync(file, active);
  const { code, stdout } = await ordinal(["lint", ".ordinal.yaml"], { cwd });
  assert.equal(code, 0, `${active}\n${stdout}`);
  const schema = JSON.parse(readFileSync(repo("docs/ordinal.schema.json"), "utf8")) as { properties: object };
  assert.deepEqual(Object.keys(parse(active) as object).toSorted(), Object.keys(schema.properties).toSorted());
});
