import process from "node:process";
import { pathToFileURL } from "node:url";
import type { ProgramPaths, Runtime } from "../lsp/runtime.js";
import { nodeBuilder } from "./builder.js";
import { askCluster } from "./render/cluster.js";
import { nodeLive } from "./render/live.js";
import { findProgram, withPaths, type Environment } from "./render/tools.js";
import { nodeHistory } from "./git/history.js";
import { findManifests, pathOf, readText } from "./disk/files.js";

/** The machine that Node runs on. URIs of anything but files are not found. */
export function createNodeRuntime(): Runtime {
  let paths: ProgramPaths = {};
  const env = (): Environment => withPaths(process.env, paths);
  return {
    ...files,
    builder: nodeBuilder(env),
    history: nodeHistory(env),
    live: nodeLive(env),
    askCluster: () => askCluster(env()),
    programs: {
      use(given) {
        paths = given;
      },
      find: (program) => findProgram(program, env()),
    },
  };
}

const files: Runtime = {
  hasFile: (uri) => uri.startsWith("file:"),
  async readFile(uri) {
    const path = pathOf(uri);
    return path === undefined ? notAFile : await readText(path);
  },
  async *findFiles(folder) {
    const path = pathOf(folder);
    if (path === undefined) {
      yield { ...notAFile, uri: folder };
      return;
    }
    for await (const { path: found, ...rest } of findManifests(path)) yield { ...rest, uri: pathToFileURL(found).href };
  },
  now: () => performance.timeOrigin + performance.now(),
  after: (milliseconds, callback) => void setTimeout(callback, milliseconds),
};

const notAFile = { type: "problem", problem: "is nowhere on this machine" } as const;
