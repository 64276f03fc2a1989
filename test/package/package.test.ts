import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { service, statefulSet } from "../cli/manifests.js";
import { repo } from "../harness/repo.js";
import { testRecipes } from "./ci-recipes.js";

const tool: { packaged(where?: "web"): Promise<string>; packedForNpm(): Promise<string> } = await import(
  pathToFileURL(repo("server/src/tools/package.mjs")).href
);

const mebibyte = 1024 * 1024;
const isWindows = process.platform === "win32";

describe("what is published", () => {
  let vsix = "";
  let web = "";
  let packed = "";
  /** A directory of somebody who has only the packed file. */
  let home = "";

  before(async () => {
    vsix = await tool.packaged();
    web = await tool.packaged("web");
    // It throws where publint or attw find something.
    packed = await tool.packedForNpm();
    home = mkdtempSync(path.join(tmpdir(), "ordinal-package-"));
    mkdirSync(path.join(home, "k8s"));
    writeFileSync(path.join(home, "k8s/db.yaml"), `${statefulSet("db")}---\n${service("database", "db")}`);
    writeFileSync(path.join(home, "package.json"), '{ "private": true }\n');
    npm("install", "--silent", "--no-audit", "--no-fund", packed);
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  /** Runs npm in that directory. */
  function npm(...args: readonly string[]): string {
    return execFileSync("npm", args, { cwd: home, encoding: "utf8", shell: isWindows });
  }

  function runs(program: string, ...args: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: home, encoding: "utf8", shell: isWindows });
    return { status, stdout, stderr };
  }

  test("all files are small, without source maps", () => {
    for (const file of [vsix, web])
      assert.ok(statSync(file).size <= 1.2 * mebibyte, `${path.basename(file)} of ${statSync(file).size} bytes`);
    assert.ok(statSync(packed).size <= 1.5 * mebibyte, `npm package of ${statSync(packed).size} bytes`);
    const names = (file: string) => {
      const flags = file.endsWith(".tgz") ? "-tzf" : "-Z1";
      return execFileSync(file.endsWith(".tgz") ? "tar" : "zipinfo", [flags, file], { encoding: "utf8" });
    };
    assert.deepEqual(names(packed).trim().split("\n").toSorted(), [
      "package/LICENSE",
      "package/README.md",
      "package/THIRD-PARTY-NOTICES.txt",
      "package/cli.cjs",
      "package/index.cjs",
      "package/index.d.cts",
      "package/index.d.mts",
      "package/index.mjs",
      "package/ordinal-settings.schema.json",
      "package/ordinal.schema.json",
      "package/package.json",
      "package/server.cjs",
    ]);
  });

  test("the npm package brings nothing else along, and licences", () => {
    const installed = path.join(home, "node_modules");
    const { dependencies = {}, engines } = JSON.parse(
      readFileSync(path.join(installed, "ordinal/package.json"), "utf8"),
    ) as { dependencies?: object; engines: object };
    const root = JSON.parse(readFileSync(repo("package.json"), "utf8")) as { engines: { node: string } };
    assert.deepEqual(dependencies, {});
    assert.deepEqual(engines, { node: root.engines.node });
    const notices = readFileSync(path.join(installed, "ordinal/THIRD-PARTY-NOTICES.txt"), "utf8");
    for (const name of ["commander", "yaml", "vscode-languageserver"])
      assert.match(notices, new RegExp(`^${name} \\d`, "m"));
  });

  test("npx lints and plans from the packed file in an empty directory", (context) => {
    const empty = mkdtempSync(path.join(tmpdir(), "ordinal-npx-"));
    context.after(() => rmSync(empty, { recursive: true, force: true }));
    // npx would run an absolute path as a program (npm 10.8).
    const name = path.basename(packed);
    cpSync(packed, path.join(empty, name));
    mkdirSync(path.join(empty, "k8s"), { recursive: true });
    writeFileSync(path.join(empty, "k8s/db.yaml"), `${statefulSet("db")}---\n${service("db")}`);
    const npx = (...args: readonly string[]) =>
      spawnSync("npx", ["--yes", `./${name}`, ...args], { cwd: empty, encoding: "utf8", shell: isWindows });
    const linted = npx("lint", "k8s/");
    assert.deepEqual([linted.status, linted.stdout], [0, "Nothing to report in 1 file with 1 StatefulSet.\n"]);
    const planned = npx("plan", "k8s/db.yaml");
    assert.equal(planned.status, 0, planned.stderr);
    assert.match(planned.stdout, /db-0/);
  });

  test("the two commands start", () => {
    const bin = (name: string) => path.join(home, "node_modules/.bin", name);
    assert.equal(runs(bin("ordinal"), "lint", "k8s").status, 1);
    assert.match(runs(bin("ordinal-language-server"), "--version").stdout, /^\d+\.\d+\.\d+\n$/);
  });

  testRecipes(
    () => packed,
    () => home,
  );

  const use = `
    const text = ${JSON.stringify(`${statefulSet("db")}---\n${service("database", "db")}`)};
    const [set] = parse(text);
    const [finding] = lint([{ path: "k8s/db.yaml", text }], { rules: { "pdb-missing": "off" } });
    const [edit] = finding.fixes[0].edits;
    const [{ plan: played }] = plan(text, { settings: { kubernetesVersion: "1.35" } });
    const [{ outcome, steps }] = simulate(text.replace("postgres:17", "postgres:18"), { from: text });
    console.log(JSON.stringify([
      set.kind, finding.rule, finding.line, edit.newText, played.outcome.type, outcome.type, steps.at(-1).pods().length,
    ]));
  `;
  const said = '["StatefulSet","service-missing",6,"database","converged","converged",1]\n';

  test("ES modules and CommonJS load the engine", () => {
    const names = "{ lint, parse, plan, simulate }";
    writeFileSync(path.join(home, "use.mjs"), `import ${names} from "ordinal";\n${use}`);
    writeFileSync(path.join(home, "use.cjs"), `const ${names} = require("ordinal");\n${use}`);
    for (const file of ["use.mjs", "use.cjs"]) {
      assert.deepEqual(runs(process.execPath, file), { status: 0, stdout: said, stderr: "" });
    }
  });

  test("its types hold for a program that is checked strictly", () => {
    const program = `import { lint, parse, plan, simulate, type LintFinding } from "ordinal";
const findings: readonly LintFinding[] = lint([{ path: "a.yaml", text: "" }], { profile: "strict" });
export const lines: number[] = findings.map(({ line }) => line);
export const kinds: string[] = parse("").map(({ kind }) => kind);
export const whys: string[] = plan("").flatMap((set) => set.plan.steps.map(({ why }) => why));
export const ends: number[] = simulate("", { apply: "server" }).map(({ outcome }) => outcome.at);
// @ts-expect-error: a file has a path
lint([{ text: "" }]);
`;
    writeFileSync(path.join(home, "use.mts"), program);
    const tsc = repo("node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", "", "use.mts"];
    const { status, stdout } = runs(process.execPath, tsc, ...flags);
    assert.deepEqual([status, stdout], [0, ""]);
  });
});
