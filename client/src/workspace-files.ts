import { FileType, RelativePattern, Uri, workspace, type Disposable } from "vscode";
import { RequestType, type BaseLanguageClient } from "vscode-languageclient";
import {
  findFilesRequest,
  readFileRequest,
  type FindFilesParams,
  type ReadFileParams,
  type ReadFileResult,
} from "../../server/src/protocol/protocol.js";

/** Reads files for the server where it has none of its own: in a browser, and of virtual file systems. */
export function readForServer(client: BaseLanguageClient): Disposable[] {
  return [
    client.onRequest(new RequestType<ReadFileParams, ReadFileResult, void>(readFileRequest), ({ uri }) =>
      readText(Uri.parse(uri, true)),
    ),
    client.onRequest(new RequestType<FindFilesParams, readonly string[], void>(findFilesRequest), ({ folder, limit }) =>
      find(Uri.parse(folder, true), limit),
    ),
  ];
}

async function readText(uri: Uri): Promise<ReadFileResult> {
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if (type !== FileType.File) return { type: "problem", problem: "is not a file" };
    if (size > largestFile) return { type: "problem", problem: "is larger than 10 MiB" };
    return { type: "text", text: await workspace.decode(await workspace.fs.readFile(uri), { uri }) };
  } catch (error) {
    return { type: "problem", problem: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** In bytes. */
const largestFile = 10 * 1024 * 1024;

/** The files of a folder, by VS Code's search; where a file system has none, by looking into its directories. */
async function find(folder: Uri, limit: number): Promise<readonly string[]> {
  const pattern = new RelativePattern(folder, "**/*.{yaml,yml,json,tpl}");
  const found = await workspace.findFiles(pattern, "**/{node_modules,.git}/**", limit);
  const files = found.length > 0 ? found : await walk(folder, limit);
  return files.map(String).toSorted();
}

async function walk(folder: Uri, limit: number): Promise<readonly Uri[]> {
  const files: Uri[] = [];
  const waiting = [folder];
  for (let directory = waiting.shift(); directory !== undefined; directory = waiting.shift()) {
    for (const [name, type] of await entries(directory)) {
      const uri = Uri.joinPath(directory, name);
      if (type === FileType.Directory && !/^(?:node_modules|\.git)$/.test(name)) waiting.push(uri);
      if (type === FileType.File) files.push(uri);
    }
    if (files.length > limit || waiting.length > limit) break;
  }
  return files;
}

async function entries(directory: Uri): Promise<readonly (readonly [string, FileType])[]> {
  try {
    return await workspace.fs.readDirectory(directory);
  } catch {
    return [];
  }
}
