import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Runtime } from "../lsp/runtime.js";
import { nodeBuilder } from "./builder.js";
import { askCluster } from "./render/cluster.js";
import { nodeLive } from "./render/live.js";
import { nodeHistory } from "./git/history.js";
import { findManifests, pathOf, readText } from "./disk/files.js";

/** The machine that Node runs on. URIs of anything but files are not found. */
export const nodeRuntime: Runtime = {
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
  builder: nodeBuilder,
  history: nodeHistory,
  live: nodeLive,
  askCluster: () => askCluster(process.env),
  after: (milliseconds, callback) => void setTimeout(callback, milliseconds),
};

const notAFile = { type: "problem", problem: "is nowhere on this machine" } as const;
