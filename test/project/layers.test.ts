import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { parseSync } from "oxc-parser";
import { repo } from "../harness/repo.js";

const engine = "server/src/engine";

/** From the bottom to the top: what is in a folder imports nothing but its own and what is in folders listed before it. */
const layers: readonly string[] = [
  `${engine}/text`,
  `${engine}/yaml`,
  // Kubernetes itself: its releases and names, the shape and the values of its objects, and what is known of each kind.
  `${engine}/kubernetes/schema/data`,
  `${engine}/kubernetes`,
  `${engine}/kubernetes/schema`,
  `${engine}/kubernetes/validation`,
  `${engine}/kubernetes/docs`,
  `${engine}/kubernetes/kinds`,
  `${engine}/kubernetes/resources`,
  // What a cluster makes of objects, and pictures of that.
  `${engine}/apply/data`,
  `${engine}/apply`,
  `${engine}/compare`,
  `${engine}/rollout`,
  `${engine}/maintenance`,
  `${engine}/drawing`,
  // Files and what is built of them.
  `${engine}/helm`,
  `${engine}/config`,
  `${engine}/workspace`,
  `${engine}/kustomize`,
  `${engine}/render`,
  `${engine}/builds`,
  // What is found in them, and what an editor is told.
  `${engine}/lint`,
  `${engine}/words`,
  `${engine}/rules`,
  `${engine}/features`,
  `${engine}/features/preview`,
  `${engine}/features/field-docs`,
  `${engine}/features/completion`,
  `${engine}/features/navigation`,
  `${engine}/features/refactor`,
  `${engine}/features/inlay`,
  `${engine}/features/tree`,
  `${engine}/features/folding`,
  `${engine}/features/hover`,
  `${engine}/features/symbols`,
  engine,
  "server/src/protocol",
  "server/src/lsp",
  "server/src/lsp/features",
  "server/src/lsp/serve",
  "server/src/node/disk",
  "server/src/node/render",
  "server/src/node/git",
  "server/src/node",
  "server/src/browser",
  "server/src/cli",
  "server/src/cli/reporters",
  "server/src/cli/commands",
  "server/src/tools/schema",
  "server/src/tools",
  "client/src/webview",
  "client/src/webview/view",
  "client/src",
  "client/src/node",
  "client/src/browser",
];

/** What the folders below `of` show to those above whose paths match `to`; nothing else of it is for them. */
const doors: readonly { readonly of: string; readonly to: RegExp; readonly show: readonly string[] }[] = [
  {
    of: `${engine}/lint`,
    to: /\/rules$/,
    show: ["rule.ts", "finding.ts", "core-rules.ts", "selector-fix.ts"].map((file) => `${engine}/lint/${file}`),
  },
  { of: engine, to: /^server\/src\/(?:lsp|node|cli)/, show: [`${engine}/api.ts`, `${engine}/features`] },
  {
    of: engine,
    to: /^client\//,
    show: [
      `${engine}/rollout`,
      `${engine}/drawing`,
      // What is asked about nodes and answered; the language server plays them.
      `${engine}/maintenance/panel-play.ts`,
      `${engine}/kubernetes/versions.ts`,
      `${engine}/kubernetes/rollout-fields.ts`,
      `${engine}/text/printable.ts`,
      `${engine}/yaml/plain.ts`,
    ],
  },
  { of: "server/src/lsp", to: /^server\/src\/(?:cli|tools)/, show: ["server/src/lsp/manifest-names.ts"] },
];

/** The packages that the folders below a path use; all others use none. */
const packages: readonly (readonly [folder: string, packages: RegExp])[] = [
  [`${engine}/yaml`, /^yaml$/],
  [`${engine}/helm`, /^yaml$/],
  [`${engine}/kustomize`, /^re2js$/],
  [`${engine}/lint`, /^diff$/],
  [`${engine}/rollout`, /^valibot$/],
  [`${engine}/maintenance`, /^valibot$/],
  ["server/src/lsp", /^(?:p-map|vscode-languageserver|vscode-languageserver-textdocument|vscode-uri)$/],
  ["server/src/node", /^(?:node:.*|vscode-languageserver\/node)$/],
  ["server/src/browser", /^vscode-languageserver\/browser$/],
  ["server/src/cli", /^(?:node:.*|chokidar|commander|diff|p-map|tinyglobby|yaml)$/],
  ["server/src/tools", /^(?:node:.*|esbuild|oxc-parser|prettier)$/],
  ["client/src/webview", /^preact(?:\/.*)?$|^valibot$|^@vscode-elements\//],
  ["client/src/browser", /^vscode(?:-languageclient\/browser)?$/],
  ["client/src", /^(?:node:.*|vscode|vscode-languageclient(?:\/node)?)$/],
];

const files: readonly string[] = ["server/src", "client/src"].flatMap((folder) =>
  readdirSync(repo(folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll(path.sep, "/")}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.includes("/node_modules/")),
);

/** What each file imports, types included: `yaml` for a package, `server/src/engine/text/span.ts` for a file of ours. */
const imports: ReadonlyMap<string, readonly string[]> = new Map(files.map((file) => [file, importsOf(file)]));

describe("each folder imports only what lies beneath it", () => {
  for (const [height, layer] of layers.entries()) {
    test(layer, () => {
      const own = files.filter((file) => path.posix.dirname(file) === layer);
      assert.ok(own.length > 0, "a layer without files");
      const allowed = packages.find(([folder]) => isWithin(layer, folder))?.[1];
      const hidden = doors.filter(({ to }) => to.test(layer));
      const mayImport = (imported: string) => {
        if (!imports.has(imported)) return allowed?.test(imported) === true;
        const isBehindDoor = ({ of, show }: (typeof doors)[number]) =>
          isWithin(imported, of) && !show.some((shown) => isWithin(imported, shown));
        return layers.indexOf(path.posix.dirname(imported)) <= height && !hidden.some(isBehindDoor);
      };
      assert.deepEqual(
        own.flatMap((file) =>
          (imports.get(file) ?? []).filter((one) => !mayImport(one)).map((one) => `${file} imports ${one}`),
        ),
        [],
      );
    });
  }

  test("every file is in a folder of the list", () => {
    assert.deepEqual(
      files.filter((file) => !layers.includes(path.posix.dirname(file))),
      [],
    );
  });

  test("no file leads back to itself, imports of types included", () => {
    const done = new Set<string>();
    const circles: string[] = [];
    const follow = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" -> "));
      if (done.has(file) || way.includes(file)) return;
      for (const imported of imports.get(file) ?? []) follow(imported, [...way, file]);
      done.add(file);
    };
    for (const file of files) follow(file, []);
    assert.deepEqual(circles, []);
  });

  test("no rule imports another rule", () => {
    const rules = files.filter((file) => /\/rules\/(?!registry\.|all\.)[^/]+$/.test(file));
    assert.ok(rules.length > 0);
    assert.deepEqual(
      rules.filter((rule) => imports.get(rule)?.some((imported) => isWithin(imported, `${engine}/rules`))),
      [],
    );
  });
});

test("the top level holds folders and files that everybody expects there, and nothing else", () => {
  const allowed =
    /^(?:package(?:-lock)?\.json|tsconfig\.json|client|server|syntaxes|test|docs|examples|findings|README\.md|ARCHITECTURE\.md|CHANGELOG\.md|CONTRIBUTING\.md|CODE_OF_CONDUCT\.md|SECURITY\.md|LICENSE|Dockerfile|action\.yml|\..*)$/;
  const built = new Set(["node_modules", "out", "dist"]);
  assert.deepEqual(
    readdirSync(repo()).filter((name) => !allowed.test(name) && !built.has(name)),
    [],
  );
});

function importsOf(file: string): readonly string[] {
  const text = readFileSync(repo(file), "utf8");
  const { staticImports, staticExports } = parseSync(file, text).module;
  const named = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    // As an expression and as a type.
    ...[...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name = ""]) => name),
  ];
  return [...new Set(named)].map((name) => {
    if (!name.startsWith(".")) return name;
    const target = path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, "");
    return [`${target}.ts`, `${target}.tsx`].find((one) => files.includes(one)) ?? target;
  });
}

function isWithin(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`);
}
