// What `npm publish` takes: dist/npm/, a package without dependencies, made of bundles and one file of types.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundle, command, mainFields, node } from "./bundle.mjs";

/** Small and without source maps: what is published is not what is debugged. */
export const published = { minify: true, sourcemap: false };

/**
 * Writes the folder of the npm package from the sources and what `tsc -b` has made of them.
 * @param {string} root of the repository
 * @returns {Promise<string>} the folder
 */
export async function npmFolder(root) {
  const folder = path.join(root, "dist/npm");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bin = { ...command, ...published };
  await bundle(
    root,
    [
      { ...bin, entryPoints: ["server/src/cli/commands/main.ts"], outfile: "dist/npm/cli.cjs" },
      { ...bin, entryPoints: ["server/src/node/main.ts"], outfile: "dist/npm/server.cjs" },
      {
        ...node,
        ...published,
        mainFields,
        entryPoints: ["server/src/engine/library.ts"],
        outfile: "dist/npm/index.cjs",
      },
    ],
    "dist/npm",
  );
  writeFileSync(path.join(folder, "index.mjs"), `export { ${functions.join(", ")} } from "./index.cjs";\n`);
  await writeTypes(root, folder);
  for (const file of ["README.md", "LICENSE"]) cpSync(path.join(root, file), path.join(folder, file));
  for (const schema of ["ordinal.schema.json", "ordinal-settings.schema.json"]) {
    cpSync(path.join(root, "docs", schema), path.join(folder, schema));
  }
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest(root), undefined, 2)}\n`);
  return folder;
}

/** What the package exports beside types. */
const functions = ["lint", "parse", "plan", "simulate", "version"];

function manifest(root) {
  const { name, version, license, homepage, repository, bugs, keywords, engines } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  );
  const conditions = (end) => ({ types: `./index.d.${end}ts`, default: `./index.${end}js` });
  return {
    name,
    version,
    description: "Checks Kubernetes StatefulSets and plays their rollouts, pod by pod.",
    license,
    homepage,
    repository: { ...repository, url: `git+${repository.url}` },
    bugs,
    keywords,
    engines: { node: engines.node },
    type: "commonjs",
    bin: { ordinal: "cli.cjs", "ordinal-language-server": "server.cjs" },
    main: "./index.cjs",
    types: "./index.d.cts",
    exports: {
      ".": { import: conditions("m"), require: conditions("c") },
      "./ordinal.schema.json": "./ordinal.schema.json",
      "./ordinal-settings.schema.json": "./ordinal-settings.schema.json",
      "./package.json": "./package.json",
    },
    sideEffects: false,
  };
}

/** All types that the package shows, in one file that imports nothing. */
async function writeTypes(root, folder) {
  const { Extractor, ExtractorConfig, ExtractorLogLevel } = await import("@microsoft/api-extractor");
  const types = path.join(folder, "index.d.ts");
  const silent = { default: { logLevel: "none" } };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: path.join(root, "out/server/src/engine/library.d.ts"),
      compiler: { overrideTsconfig: { compilerOptions: { lib: ["ES2023"], types: [], module: "nodenext" } } },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: types },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      // That its TypeScript is older than ours concerns only new syntax, of which it would say so.
      message.handled =
        message.messageId === "console-compiler-version-notice" || message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  if (!succeeded) throw new Error("the types of the npm package could not be rolled up");
  cpSync(types, path.join(folder, "index.d.cts"));
  cpSync(types, path.join(folder, "index.d.mts"));
  rmSync(types);
}
