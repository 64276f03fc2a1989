import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { repo } from "../harness/repo.js";

const engine = "server/src/engine";

/** Which folders a folder's files may import, beside its own; the first prefix that fits a file counts. */
const layers: readonly (readonly [folder: string, mayImport: readonly string[]])[] = [
  [`${engine}/text`, []],
  [`${engine}/yaml`, [`${engine}/text`, "yaml"]],
  // Readers of a view turn what they read into other plain data; a Field and its place come along.
  [`${engine}/kubernetes`, [`${engine}/text`, `${engine}/yaml`]],
  // What an API server and kubectl make of an object: plain JSON in, plain JSON out.
  [`${engine}/apply`, [`${engine}/kubernetes`]],
  // Two objects of the same name, an earlier and a later one.
  [`${engine}/compare`, [`${engine}/text`, `${engine}/yaml`, `${engine}/kubernetes`]],
  [`${engine}/helm`, [`${engine}/text`, `${engine}/yaml`, `${engine}/kubernetes`, "yaml"]],
  [
    `${engine}/workspace`,
    [`${engine}/text`, `${engine}/yaml`, `${engine}/kubernetes`, `${engine}/helm`, `${engine}/config`],
  ],
  // What kustomize builds of the files.
  [`${engine}/kustomize`, [`${engine}/text`, `${engine}/yaml`, `${engine}/kubernetes`, `${engine}/workspace`, "re2js"]],
  [`${engine}/config`, [`${engine}/text`, `${engine}/yaml`, `${engine}/kubernetes`, `${engine}/lint/severity.js`]],
  [`${engine}/rollout`, [`${engine}/kubernetes`, `${engine}/yaml`, `${engine}/text`]],
  [`${engine}/maintenance`, [`${engine}/rollout`, `${engine}/kubernetes`, `${engine}/yaml`, `${engine}/text`]],
  [`${engine}/drawing`, [`${engine}/rollout`, `${engine}/words/printable.js`]],
  [
    `${engine}/lint`,
    [
      `${engine}/text`,
      `${engine}/yaml`,
      `${engine}/kubernetes`,
      `${engine}/helm`,
      `${engine}/workspace`,
      `${engine}/kustomize`,
      `${engine}/builds`,
      `${engine}/config`,
      `${engine}/words`,
      `${engine}/version.js`,
    ],
  ],
  [`${engine}/words`, [`${engine}/lint`, `${engine}/config`]],
  [`${engine}/rules/registry.ts`, [`${engine}/rules`, `${engine}/lint`]],
  [`${engine}/rules/all.ts`, [`${engine}/rules`, `${engine}/lint`]],
  [
    `${engine}/rules`,
    [
      `${engine}/lint/rule.js`,
      `${engine}/lint/finding.js`,
      `${engine}/kubernetes`,
      `${engine}/workspace`,
      `${engine}/text/wildcard.js`,
      `${engine}/yaml/field.js`,
      `${engine}/yaml/origin.js`,
      `${engine}/yaml/path.js`,
      `${engine}/yaml/place.js`,
    ],
  ],
  [
    `${engine}/features`,
    [
      `${engine}/text`,
      `${engine}/yaml`,
      `${engine}/kubernetes`,
      `${engine}/helm`,
      `${engine}/workspace`,
      `${engine}/kustomize`,
      `${engine}/builds`,
      `${engine}/config`,
      `${engine}/words`,
      `${engine}/rollout`,
    ],
  ],
  [
    `${engine}/render`,
    [`${engine}/text`, `${engine}/yaml`, `${engine}/kubernetes`, `${engine}/workspace`, `${engine}/kustomize`],
  ],
  // What kustomize, charts and the real tools make of the files.
  [
    `${engine}/builds`,
    [
      `${engine}/text`,
      `${engine}/yaml`,
      `${engine}/kubernetes`,
      `${engine}/workspace`,
      `${engine}/kustomize`,
      `${engine}/helm`,
      `${engine}/render`,
      `${engine}/rollout`,
      `${engine}/config`,
      `${engine}/lint/severity.js`,
    ],
  ],
  [`${engine}/analysis.ts`, [engine]],
  [`${engine}/planned-edit.ts`, [engine]],
  [`${engine}/file-findings.ts`, [engine]],
  // What other tools have built is checked as any workspace is; findings go back to the files it was built from.
  [`${engine}/rendered-findings.ts`, [engine]],
  [`${engine}/api.ts`, [engine]],
  [`${engine}/version.ts`, []],
  ["server/src/protocol", [`${engine}/kubernetes/versions.js`, `${engine}/rollout`]],
  [
    "server/src/lsp",
    [
      `${engine}/api.js`,
      `${engine}/features`,
      "server/src/protocol",
      "vscode-languageserver",
      "vscode-languageserver-textdocument",
    ],
  ],
  ["server/src/node", [`${engine}/api.js`, "server/src/lsp", "vscode-languageserver/node", "node:*"]],
  [
    "server/src/cli",
    [
      `${engine}/api.js`,
      "server/src/node/files.js",
      "server/src/node/render",
      "server/src/lsp/manifest-names.js",
      "commander",
      "tinyglobby",
      "yaml",
      "node:*",
    ],
  ],
  [
    "server/src/tools",
    [
      engine,
      "server/src/cli",
      "server/src/node/files.js",
      "server/src/node/render",
      "server/src/lsp/manifest-names.js",
      "node:*",
      "esbuild",
      "prettier",
      "typescript/unstable",
    ],
  ],
  [
    "client/src/webview",
    [
      `${engine}/rollout`,
      `${engine}/drawing`,
      `${engine}/kubernetes/versions.js`,
      `${engine}/yaml/plain.js`,
      "preact",
      "preact/*",
      "@vscode-elements/*",
    ],
  ],
  [
    "client/src",
    [
      "server/src/protocol",
      `${engine}/kubernetes/versions.js`,
      `${engine}/rollout`,
      `${engine}/words/printable.js`,
      "client/src/webview/messages.js",
      "vscode",
      "vscode-languageclient",
      "vscode-languageclient/node",
      "node:*",
    ],
  ],
];

const imports = /^\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;

describe("each layer imports only what lies beneath it", () => {
  for (const [index, [folder, mayImport]] of layers.entries()) {
    test(folder, () => {
      const files = sourceFiles().filter((file) => layers.findIndex(([other]) => isWithin(file, other)) === index);
      assert.ok(files.length > 0, "a layer without files");
      const wrong = files.flatMap((file) =>
        [...readFileSync(repo(file), "utf8").matchAll(imports)]
          .map(([, statement, dynamic]) => target(file, statement ?? dynamic ?? ""))
          .filter((imported) => !isWithin(imported, folder) || folder.endsWith(".ts"))
          .filter((imported) => !mayImport.some((allowed) => isWithin(imported, allowed)))
          .map((imported) => `${file} imports ${imported}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  test("every source file belongs to a layer", () => {
    assert.deepEqual(
      sourceFiles().filter((file) => !layers.some(([folder]) => isWithin(file, folder))),
      [],
    );
  });

  test("no rule imports another rule", () => {
    for (const file of sourceFiles().filter((name) => path.posix.dirname(name) === `${engine}/rules`)) {
      if (/(?:registry|all)\.ts$/.test(file)) continue;
      assert.doesNotMatch(readFileSync(repo(file), "utf8"), /from "\.\//, file);
    }
  });
});

test("the top level holds what DESIGN.md names and nothing else", () => {
  const allowed =
    /^(?:package(?:-lock)?\.json|tsconfig\.json|client|server|syntaxes|test|docs|examples|findings|README\.md|ARCHITECTURE\.md|CHANGELOG\.md|LICENSE|\..*)$/;
  const built = new Set(["node_modules", "out", "dist"]);
  assert.deepEqual(
    readdirSync(repo()).filter((name) => !allowed.test(name) && !built.has(name)),
    [],
  );
});

function sourceFiles(): readonly string[] {
  return ["server/src", "client/src"].flatMap((folder) =>
    readdirSync(repo(folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !file.split(path.sep).includes("node_modules"))
      .map((file) => `${folder}/${file.replaceAll(path.sep, "/")}`),
  );
}

/** `yaml` for a package, `server/src/engine/text/span.js` for a file of ours. */
function target(file: string, specifier: string): string {
  return specifier.startsWith(".") ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
}

function isWithin(name: string, allowed: string): boolean {
  if (allowed.endsWith("*")) return name.startsWith(allowed.slice(0, -1));
  return name === allowed || name.startsWith(`${allowed}/`);
}
