import type { Connection } from "vscode-languageserver";
import {
  findFilesRequest,
  readFileRequest,
  type FindFilesParams,
  type ReadFileParams,
  type ReadFileResult,
} from "../protocol/protocol.js";
import { isManifestName, isSkippedDirectory } from "./manifest-names.js";
import type { Runtime } from "./runtime.js";

/** A runtime that asks the client for files that it does not have: of a virtual file system, or all in a web worker. */
export function withClientFiles(runtime: Runtime, connection: Pick<Connection, "sendRequest">): Runtime {
  const has = (uri: string): boolean => runtime.hasFile?.(uri) ?? true;
  return {
    ...runtime,
    async readFile(uri) {
      if (has(uri)) return runtime.readFile(uri);
      const params: ReadFileParams = { uri };
      return connection.sendRequest<ReadFileResult>(readFileRequest, params).catch(unreachable);
    },
    async *findFiles(folder) {
      if (has(folder)) {
        yield* runtime.findFiles(folder);
        return;
      }
      const params: FindFilesParams = { folder, limit: mostFiles };
      const answer = await connection
        .sendRequest<readonly string[]>(findFilesRequest, params)
        .catch((error: unknown) => unreachable(error));
      if ("type" in answer) yield { ...answer, uri: folder };
      else for (const uri of answer.filter(isManifest)) yield { type: "file", uri };
    },
  };
}

/** A virtual file system may have to fetch each one. */
const mostFiles = 5000;

function isManifest(uri: string): boolean {
  return isManifestName(uri) && !uri.split("/").some(isSkippedDirectory);
}

function unreachable(error: unknown) {
  return { type: "problem", problem: `cannot be read: ${String(error)}` } as const;
}
