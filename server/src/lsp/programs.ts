import type { Connection } from "vscode-languageserver";
import { printable } from "../engine/api.js";
import {
  programMissingNotification,
  programNames,
  type ProgramMissingParams,
  type ProgramName,
} from "../protocol/protocol.js";
import type { Client } from "./client.js";
import type { Guard } from "./guard.js";
import type { Builder, History, Live, ProgramPaths, Runtime } from "./runtime.js";

/** The programs of the machine, as one editor's server runs them. */
export interface UsedPrograms {
  /** The runtime, of which every run of a program is logged; the client learns which program is missing. */
  readonly runtime: Runtime;
  /** Takes the paths of the settings. */
  use(paths: ProgramPaths): void;
  /** Logs where each program is. */
  log(): void;
}

export function createPrograms(connection: Connection, guard: Guard, client: Client, runtime: Runtime): UsedPrograms {
  const { programs } = runtime;
  const { console } = connection;
  let paths: ProgramPaths = {};
  /** Those that the client knows of. */
  const missing = new Set<ProgramName>();

  const check = async (program: ProgramName): Promise<void> => {
    if (programs === undefined || missing.has(program) || (await programs.find(program)) !== undefined) return;
    missing.add(program);
    console.warn(`${program}: ${paths[program] === undefined ? "not on the PATH" : `not at ${paths[program]}`}`);
    if (!client.programPaths) return;
    const params: ProgramMissingParams = { program, path: paths[program] };
    await connection.sendNotification(programMissingNotification, params);
  };
  /** What a program answers, with a line in the log. */
  const logged = async <A extends Answer>(program: ProgramName, what: string, run: () => Promise<A>): Promise<A> => {
    const start = runtime.now();
    const answer = await run();
    const seconds = `${((runtime.now() - start) / 1000).toFixed(1)} s`;
    if (answer.type === "failed" || answer.type === "none" || answer.type === "noTool") {
      console.warn(printable(`${program}: ${what}: ${answer.reason ?? "not found"}`));
      guard.background(program, check(program));
    } else console.info(printable(`${program}: ${what} (${seconds})`));
    return answer;
  };

  const { builder, history, live, askCluster } = runtime;
  return {
    runtime: {
      ...runtime,
      ...(builder && { builder: loggedBuilder(builder, logged) }),
      ...(history && { history: loggedHistory(history, logged) }),
      ...(live && { live: loggedLive(live, logged) }),
      ...(askCluster && { askCluster: () => logged("kubectl", "version of the cluster", askCluster) }),
    },
    use(given) {
      if (JSON.stringify(given) === JSON.stringify(paths)) return;
      paths = given;
      missing.clear();
      programs?.use(paths);
    },
    log() {
      if (programs === undefined) return;
      const lines = programNames.map(async (program) => `${program}: ${(await programs.find(program)) ?? "not found"}`);
      guard.background(
        "programs",
        Promise.all(lines).then((all) => console.info(printable(`Programs: ${all.join(", ")}`))),
      );
    },
  };
}

interface Answer {
  readonly type: string;
  readonly reason?: string;
}

type Logged = <A extends Answer>(program: ProgramName, what: string, run: () => Promise<A>) => Promise<A>;

function loggedBuilder(builder: Builder, logged: Logged): Builder {
  return {
    buildsWith: (uri, folders) => builder.buildsWith(uri, folders),
    build: (build, options) =>
      logged(build.tool, `build ${decodeURIComponent(build.directory)}`, () => builder.build(build, options)),
  };
}

function loggedHistory(history: History, logged: Logged): History {
  return {
    workTreeOf: (uri) => history.workTreeOf(uri),
    watch: (revision, directory, moved) => history.watch(revision, directory, moved),
    filesAt: (revision, directory) =>
      logged("git", `${revision} of ${decodeURIComponent(directory)}`, () => history.filesAt(revision, directory)),
  };
}

function loggedLive(live: Live, logged: Logged): Live {
  return {
    context: () => logged("kubectl", "current context", () => live.context()),
    read: (question) => logged("kubectl", `get ${question.what}`, () => live.read(question)),
  };
}
