// `npm start`: builds Ordinal and opens it in a VS Code of its own on examples/. A desktop VS Code where there is one,
// else VS Code in the browser. Nothing of your own VS Code is touched.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installed, npm } from "../server/src/tools/installed.mjs";
import { packaged } from "../server/src/tools/package.mjs";
import { isSupported, setup } from "../test/vscode/host/setup.mjs";

const usage = `npm start -- [--folder=DIR] [--port=N] [--no-open]

  --folder=DIR  open this folder instead of examples/
  --port=N      serve VS Code in the browser on this port, or on a free one if it is taken (8123)
  --no-open     open no desktop VS Code: serve it in the browser
`;

const isWindows = process.platform === "win32";
const root = fileURLToPath(new URL("..", import.meta.url));
const state = path.join(root, ".vscode-try");
const profile = {
  build: "latest",
  userData: path.join(state, "user-data"),
  extensions: path.join(state, "extensions"),
};

try {
  const { folder, file, port, isBrowserWanted } = readArguments();
  installed(root);
  npm(root, "run", "build", "--silent");
  const vsix = await packaged();
  mkdirSync(state, { recursive: true });
  const code = isBrowserWanted ? undefined : await desktopCode();
  if (code) openDesktop(code, vsix, folder, file);
  else await serve(vsix, folder, file, port);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      folder: { type: "string" },
      port: { type: "string" },
      "no-open": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const port = Number(values.port ?? 8123);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`--port=${values.port} is no port`);
  // npm changes to the folder of package.json, and says where the user was.
  const folder = values.folder && path.resolve(process.env.INIT_CWD ?? ".", values.folder);
  if (folder && !existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  return {
    folder: folder ?? path.join(root, "examples"),
    file: folder ? undefined : path.join(root, "examples/cache/statefulset.yaml"),
    port,
    isBrowserWanted: values["no-open"] ?? false,
  };
}

/** The command `code`; undefined where VS Code is to be served in the browser. */
async function desktopCode() {
  if (isSupported && !hasDesktop()) return undefined;
  const name = isWindows ? "code.cmd" : "code";
  const found = (process.env.PATH ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
  if (found || isSupported) return found;
  const { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } = await import("@vscode/test-electron");
  return resolveCliPathFromVSCodeExecutablePath(await downloadAndUnzipVSCode());
}

/** In a terminal of a remote VS Code, `code` is another program, which knows no extensions folder. */
function hasDesktop() {
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI } = process.env;
  return (DISPLAY || WAYLAND_DISPLAY) && !VSCODE_IPC_HOOK_CLI;
}

function openDesktop(code, vsix, folder, file) {
  const places = [`--user-data-dir=${profile.userData}`, `--extensions-dir=${profile.extensions}`];
  const run = (...words) => {
    // On Windows `code` is a batch file, which only the shell runs.
    const quoted = isWindows ? [code, ...words].map((word) => `"${word}"`) : [code, ...words];
    execFileSync(quoted[0], quoted.slice(1), { stdio: ["ignore", "ignore", "inherit"], shell: isWindows });
  };
  run(...places, "--install-extension", vsix, "--force");
  run(...places, "--disable-workspace-trust", "--new-window", folder, ...(file ? [file] : []));
  console.log(`\nVS Code with Ordinal is open on ${folder}. Close its window when you are done.\n`);
}

async function serve(vsix, folder, file, port) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(0)); // ends the server
  setup();
  const { installExtension, startServer, workbenchUrl } = await import("../test/vscode/host/host.mjs");
  installExtension(profile, vsix);
  const server = await startServer(profile, {
    logFile: path.join(state, "server.log"),
    port: (await isFree(port)) ? port : 0,
    extensions: "installed",
  });
  console.log(`\nVS Code with Ordinal is open on ${folder}. Open this address in a browser on this machine:\n`);
  console.log(`  ${workbenchUrl(server, { folder, file })}\n\nCtrl+C stops it.\n`);
  throw new Error(await server.exited);
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
