import { runTests } from "@vscode/test-electron";
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import { build } from "esbuild";
import { repo } from "../harness/repo.js";
import { toolDirectories } from "../node/render/tools.js";
import type { Build } from "./host.js";
import type { Result } from "./suite/index.js";

/** The suite as one CommonJS file, which is what every VS Code can load. */
const suite = repo("out/test/vscode/suite.cjs");

const yamlExtension = repo("out/test/vscode/yaml-extension.cjs");

before(async () => {
  await bundled("out/test/vscode/suite/index.js", suite);
  await bundled("out/test/vscode/yaml-extension/extension.js", yamlExtension);
});

function bundled(entry: string, outfile: string): Promise<unknown> {
  return build({
    entryPoints: [repo(entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
}

if (usesDesktop()) {
  check("desktop VS Code", { version: "stable" });
} else {
  for (const one of ["latest", "min"] satisfies Build[]) {
    const environment = { VSCODE_HOST_BUILD: one };
    check(`VS Code, ${one} build`, { vscodeExecutablePath: repo("test/vscode/host/code.mjs"), environment });
  }
  check("VS Code, beside a YAML language server", {
    vscodeExecutablePath: repo("test/vscode/host/code.mjs"),
    environment: {
      VSCODE_HOST_BUILD: "latest",
      ORDINAL_TEST_YAML_SERVER: repo("node_modules/yaml-language-server/out/server/src/server.js"),
    },
    prepare: installYamlExtension,
  });
}

/** VSCODE_HOST=desktop downloads VS Code on Linux too, where it wants a display. */
function usesDesktop(): boolean {
  return process.env["VSCODE_HOST"] === "desktop" || process.platform !== "linux" || process.arch !== "x64";
}

interface Executable {
  readonly version?: string;
  readonly vscodeExecutablePath?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Given the folder of extensions before VS Code starts. */
  readonly prepare?: (extensions: string) => void;
}

function installYamlExtension(extensions: string): void {
  const folder = path.join(extensions, "redhat.vscode-yaml-1.25.0");
  mkdirSync(folder, { recursive: true });
  cpSync(yamlExtension, path.join(folder, "extension.cjs"));
  const properties = {
    "yaml.schemas": { type: "object", default: {} },
    "yaml.validate": { type: "boolean", default: true },
  };
  const manifest = {
    name: "vscode-yaml",
    publisher: "redhat",
    version: "1.25.0",
    engines: { vscode: "^1.100.0" },
    main: "./extension.cjs",
    activationEvents: ["onLanguage:yaml"],
    contributes: { configuration: { title: "YAML", properties } },
  };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
}

/**
 * Runs the suite in the extension host of a fresh VS Code on a copy of the examples, and reports each of its tests as
 * one of ours. An extension host that dies has the exit code 0, so only written results count.
 */
function check(name: string, { environment, prepare, ...executable }: Executable): void {
  test(name, async (t) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "ordinal-"));
    const results = path.join(folder, "results.json");
    const workspace = path.join(folder, "workspace");
    prepare?.(path.join(folder, "extensions"));
    cpSync(repo("examples"), workspace, { recursive: true });
    const exit = await runTests({
      ...executable,
      extensionDevelopmentPath: repo(),
      extensionTestsPath: suite,
      extensionTestsEnv: {
        ...environment,
        ORDINAL_TEST_RESULTS: results,
        // The suite writes it.
        KUBECONFIG: path.join(folder, "kubeconfig"),
        PATH: [toolDirectories.kubectl, process.env["PATH"]].join(path.delimiter),
      },
      launchArgs: [
        workspace,
        "--disable-extensions",
        `--user-data-dir=${path.join(folder, "user-data")}`,
        `--extensions-dir=${path.join(folder, "extensions")}`,
      ],
    }).catch((error: unknown) => String(error));
    assert.ok(existsSync(results), `the suite wrote no results (${exit}); logs are in ${folder}`);
    const all: readonly Result[] = JSON.parse(readFileSync(results, "utf8"));
    assert.notEqual(all.length, 0, "the suite ran no test");
    for (const { title, error } of all) {
      await t.test(title, () => {
        if (error !== undefined) throw new Error(error);
      });
    }
    if (all.every(({ error }) => error === undefined)) rmSync(folder, { recursive: true, force: true });
  });
}
