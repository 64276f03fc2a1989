// `npm run package`: dist/ordinal.vsix from what `npm run build` has made.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Packages the extension as .vscodeignore says; resolves to the file's path. */
export async function packaged() {
  // Only here, because npm start imports this file before it has installed anything.
  const { createVSIX } = await import("@vscode/vsce");
  const packagePath = path.join(root, "dist/ordinal.vsix");
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false, // The bundles hold them.
    githubBranch: "main", // Where the README's pictures and pages are.
  });
  return packagePath;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await packaged();
