import process from "node:process";
import { parseArgs } from "node:util";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "../lsp/serve/server.js";
import { version } from "../engine/api.js";
import { createNodeRuntime } from "./runtime.js";
import { connectStdio } from "./stdio.js";

const usage = `ordinal-language-server ${version}: StatefulSet authoring for Kubernetes, for any editor that speaks LSP

Usage: ordinal-language-server --stdio

  --stdio                 speak LSP over standard input and output
  --node-ipc              speak LSP over the channel of the Node process that started this one
  --clientProcessId=PID   end when that process does
  --version               print the version
  --help                  print this
`;

function main(): void {
  const { stdio, version: wantsVersion, help, "node-ipc": ipc } = options();
  if (help === true) print(usage);
  else if (wantsVersion === true) print(`${version}\n`);
  else if ((stdio === true) === (ipc === true)) fail("choose --stdio or --node-ipc");
  // The library finds the channel, and the client's process, among the arguments by itself.
  else startServer(stdio === true ? connectStdio() : createConnection(ProposedFeatures.all), createNodeRuntime());
}

function options() {
  try {
    return parseArgs({
      options: {
        stdio: { type: "boolean" },
        "node-ipc": { type: "boolean" },
        clientProcessId: { type: "string" },
        version: { type: "boolean", short: "v" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function print(text: string): void {
  // A reader that has seen enough closes the pipe: then there is no one left to tell.
  process.stdout.on("error", () => {});
  process.stdout.write(text);
}

function fail(problem: string): never {
  process.stderr.write(`ordinal-language-server: ${problem}\n\n${usage}`);
  process.exit(2);
}

main();
