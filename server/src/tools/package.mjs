// `npm run package`: what is published, in dist/: ordinal.vsix, ordinal-web.vsix, ordinal-VERSION.tgz and
// their checksums.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const isWindows = process.platform === "win32";

/**
 * Packages the extension as .vscodeignore says, with small bundles; resolves to the file's path. `where` it runs: beside
 * the files, in Node (the default), or in a browser. Registries offer browsers the one whose target is `web`.
 */
export async function packaged(where = "node") {
  // Only here, because npm start imports this file before it has installed anything.
  const { createVSIX } = await import("@vscode/vsce");
  const { browser, bundle, desktop, pages } = await import("./bundle.mjs");
  const { published } = await import("./npm-package.mjs");
  const kinds = {
    node: { name: "ordinal", bundles: [...desktop, ...pages], without: ["browser"], target: {} },
    // VS Code takes the entry in a browser for an ES module where the package is one, and loads none there (1.139).
    web: { name: "ordinal-web", bundles: [...browser, ...pages], without: ["main", "type"], target: { target: "web" } },
  };
  const { name, bundles, without, target } = kinds[where];
  const packagePath = path.join(root, `dist/${name}.vsix`);
  const folderName = where === "node" ? "dist/extension" : "dist/extension-web";
  const folder = path.join(root, folderName);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const parts = ["README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore", "syntaxes", "docs", "client/walkthrough"];
  for (const part of parts) cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  const manifest = Object.entries(JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")));
  const used = Object.fromEntries(manifest.filter(([key]) => !without.includes(key)));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(used, null, 2));
  const inFolder = bundles.map((one) => ({ ...one, ...published, outfile: `${folderName}/${one.outfile}` }));
  await bundle(root, inFolder, `${folderName}/dist`);
  await createVSIX({
    cwd: folder,
    packagePath,
    dependencies: false, // The bundles hold them.
    githubBranch: "main", // Where the README's pictures and pages are.
    ...target,
  });
  return packagePath;
}

/** Packs the npm package; resolves to the file's path. Throws where publint or attw find something. */
export async function packedForNpm() {
  const { npmFolder } = await import("./npm-package.mjs");
  const folder = await npmFolder(root);
  const args = ["pack", "--silent", "--ignore-scripts", "--pack-destination", path.join(root, "dist")];
  const name = execFileSync(isWindows ? "npm.cmd" : "npm", args, { cwd: folder, encoding: "utf8", shell: isWindows });
  const file = path.join(root, "dist", name.trim());
  const problems = [...(await publintProblems(folder)), ...(await typeProblems(file))];
  if (problems.length > 0) throw new Error(`the npm package has problems:\n${problems.join("\n")}`);
  return file;
}

async function publintProblems(folder) {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }));
}

/** What "Are the types wrong?" says of the package, however it is resolved. */
async function typeProblems(file) {
  const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(file))));
  if (analysis.types === false) return ["attw: there are no types"];
  return analysis.problems.map((problem) => `attw: ${JSON.stringify(problem)}`);
}

/** SHA-256 of the files, as `sha256sum --check` reads them. */
function writeChecksums(files) {
  const lines = files.map((file) => {
    const sum = createHash("sha256").update(readFileSync(file)).digest("hex");
    return `${sum}  ${path.basename(file)}\n`;
  });
  writeFileSync(path.join(root, "dist/SHA256SUMS"), lines.join(""));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    writeChecksums([await packaged(), await packaged("web"), await packedForNpm()]);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
