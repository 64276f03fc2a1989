import process from "node:process";
import { buffer } from "node:stream/consumers";
import { exitCodes } from "./exit.js";
import { changes } from "./watch.js";
import { createWorkspace, type WorkspaceMaker } from "../engine/api.js";

/** All that a command touches beside the file system, so that tests run it in their own process. */
export interface Io {
  /** An absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All of the standard input, undecoded. */
  readonly readStdin: () => Promise<Uint8Array>;
  /** The report, and nothing else. */
  readonly stdout: Output;
  /** What a person should know beside the report. */
  readonly stderr: Output;
  readonly createWorkspace: WorkspaceMaker;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Something each time that files below these directories have changed, without end. */
  readonly changes: (directories: readonly string[]) => AsyncIterable<unknown>;
}

export interface Output {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Characters in a line of the terminal; `undefined` where lines may have any length. */
  readonly columns: number | undefined;
}

/** The real thing. */
export function processIo(): Io {
  return {
    cwd: process.cwd(),
    env: process.env,
    readStdin: () => buffer(process.stdin),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    createWorkspace,
    now: () => performance.now(),
    changes,
  };
}

function output(stream: NodeJS.WriteStream): Output {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`ordinal lint | head`) closes the pipe: then there is no one left to tell.
    if (error.code === "EPIPE") return;
    process.stderr.write(`ordinal: the output cannot be written: ${error.code ?? error.message}\n`);
    process.exit(exitCodes.trouble);
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    columns: stream.isTTY ? stream.columns : undefined,
  };
}
