import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { listFiles, PackageManager } from "@vscode/vsce";
import type { BuildOptions } from "esbuild";
import { repo } from "../harness/repo.js";

const tool: { bundle(folder: string, wanted: readonly BuildOptions[]): Promise<void> } = await import(
  pathToFileURL(repo("server/src/tools/bundle.mjs")).href
);

const command: BuildOptions = {
  bundle: true,
  platform: "node",
  format: "cjs",
  banner: { js: "#!/usr/bin/env node" },
  entryPoints: ["main.js"],
  outfile: "dist/cli/main.cjs",
};

/** A project that bundles what it imports, with these packages: their files by name. */
function project(t: TestContext, packages: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "ordinal-notices-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, files] of Object.entries(packages)) {
    const place = path.join(folder, "node_modules", name);
    mkdirSync(place, { recursive: true });
    const manifest = { name: name.replace(/^.*node_modules\//, ""), version: "1.2.3", license: "MIT", main: "main.js" };
    writeFileSync(path.join(place, "package.json"), JSON.stringify(manifest));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(place, file), text);
  }
  cpSync(repo("docs/NOTICE-kubernetes.md"), path.join(folder, "docs/NOTICE-kubernetes.md"));
  cpSync(repo("docs/LICENSE-kubernetes.txt"), path.join(folder, "docs/LICENSE-kubernetes.txt"));
  writeFileSync(path.join(folder, "main.js"), 'import { a } from "one"; console.log(a);');
  return folder;
}

test("a bundled package without a licence text fails the build", async (t) => {
  const folder = project(t, { one: { "main.js": "export const a = 1;", "README.md": "MIT" } });
  await assert.rejects(tool.bundle(folder, [command]), /^Error: one 1\.2\.3 is bundled, but has no licence text in /);
});

test("so does one that another package brings", async (t) => {
  const folder = project(t, {
    one: { "main.js": 'export { a } from "@scope/two";', LICENSE: "licence of one" },
    "one/node_modules/@scope/two": { "main.js": "export const a = 1;" },
  });
  await assert.rejects(tool.bundle(folder, [command]), /^Error: @scope\/two 1\.2\.3 is bundled, but has no licence/);
});

test("so does one that is built into the file of another", async (t) => {
  const one = {
    "main.js": "export const a = 1;\n//# sourceMappingURL=main.js.map",
    "main.js.map": JSON.stringify({ version: 3, mappings: "AAAA", sources: ["webpack:///node_modules/two/index.js"] }),
    LICENSE: "licence of one",
  };
  const unlicensed = project(t, { one, two: { "index.js": "" } });
  await assert.rejects(tool.bundle(unlicensed, [command]), /^Error: two 1\.2\.3 is bundled, but has no licence/);
  const folder = project(t, { one, two: { "index.js": "", LICENSE: "licence of two" } });
  await tool.bundle(folder, [command]);
  assert.match(readFileSync(path.join(folder, "dist/THIRD-PARTY-NOTICES.txt"), "utf8"), /licence of two/);
});

test("the notices hold the licences of what is bundled, and of nothing else", async (t) => {
  const folder = project(t, {
    one: {
      "main.js": 'import { a as b } from "two"; export const a = b + 1;',
      "LICENCE.md": "licence of one",
      NOTICE: "notice of one",
    },
    two: { "main.js": "export const a = 1; export const b = 2;", "License.txt": "licence of two" },
    three: { "main.js": "export const a = 1;" },
  });
  await tool.bundle(folder, [command]);
  const text = readFileSync(path.join(folder, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
  for (const held of ["one 1.2.3 (MIT)", "licence of one", "notice of one", "two 1.2.3 (MIT)", "licence of two"]) {
    assert.ok(text.includes(held), held);
  }
  assert.ok(text.includes("Copyright The Kubernetes Authors") && text.includes("Apache License"));
  assert.ok(!text.includes("three"));
  assert.equal(readFileSync(path.join(folder, "dist/cli/THIRD-PARTY-NOTICES.txt"), "utf8"), text);
});

test("every package that a source map names is in the notices beside its bundle", () => {
  for (const bundle of ["client/extension.cjs", "cli/main.cjs", "server/main.cjs"]) {
    const map = JSON.parse(readFileSync(repo("dist", `${bundle}.map`), "utf8")) as { readonly sources: string[] };
    const names = map.sources.flatMap((source) => /^.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    assert.ok(names.length > 0);
    const beside = bundle.startsWith("client") ? [] : [repo("dist", path.dirname(bundle))];
    for (const folder of [repo("dist"), ...beside]) {
      const text = readFileSync(path.join(folder, "THIRD-PARTY-NOTICES.txt"), "utf8");
      for (const name of new Set(names)) assert.match(text, new RegExp(`^${name} \\d`, "m"), `${name} in ${folder}`);
    }
  }
});

test("the extension is packaged with the notices", async () => {
  const files = await listFiles({ cwd: repo(), packageManager: PackageManager.None });
  const wanted = [
    "LICENSE",
    "dist/THIRD-PARTY-NOTICES.txt",
    "docs/NOTICE-kubernetes.md",
    "docs/LICENSE-kubernetes.txt",
  ];
  assert.deepEqual(
    wanted.filter((file) => !files.includes(file)),
    [],
  );
});
