import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { ProgramPaths } from "../../lsp/runtime.js";
import type { ProgramName } from "../../protocol/protocol.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The programs that can build, as far as they are there. */
export interface Tools {
  readonly kustomize: Program | undefined;
  readonly helm: Program | undefined;
}

export interface Program {
  /** Absolute: a program that lies in a workspace must not be taken for the one that is meant. */
  readonly file: string;
  /** Before all other arguments. */
  readonly command: readonly string[];
}

/** What a program wrote or, in one line, why it ended without doing what it was asked to. */
export type Ran =
  | { readonly type: "output"; readonly text: string }
  /** `message`: all that it wrote about it. */
  | { readonly type: "failed"; readonly reason: string; readonly message: string };

/** Looks along the PATH; kubectl has kustomize built in. */
export async function findTools(env: Environment): Promise<Tools> {
  const [kustomize, kubectl, helm] = await Promise.all(
    (["kustomize", "kubectl", "helm"] as const).map((name) => findProgram(name, env)),
  );
  return {
    kustomize: kustomize === undefined ? program(kubectl, "kustomize") : program(kustomize, "build"),
    helm: program(helm, "template"),
  };
}

function program(file: string | undefined, command: string): Program | undefined {
  return file === undefined ? undefined : { file, command: [command] };
}

/** Runs a program without a shell, away from any network, for a limited time and output. Never rejects. */
export function run(program: Program, args: readonly string[], cwd: string, env: Environment): Promise<Ran> {
  return runOnline(program, args, cwd, offline(env));
}

/** The same, with the network; `limit` in milliseconds. */
export function runOnline(
  program: Program,
  args: readonly string[],
  cwd: string,
  env: Environment,
  limit = timeout,
): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      program.file,
      [...program.command, ...args],
      { cwd, env: { ...env }, timeout: limit, maxBuffer, killSignal: "SIGKILL", windowsHide: true },
      (error, stdout, stderr) => {
        if (error === null) resolve({ type: "output", text: stdout });
        else resolve({ type: "failed", reason: reasonOf(error, stderr, limit), message: stderr });
      },
    );
  });
}

/** In milliseconds: the largest public charts take about three seconds. */
const timeout = 60_000;

/** In bytes. */
const maxBuffer = 64 * 1024 * 1024;

/** An environment in which these programs are where the paths say. */
export function withPaths(env: Environment, paths: ProgramPaths): Environment {
  const given = Object.entries(paths).map(([name, file]) => [variableOf(name), file] as const);
  return { ...env, ...Object.fromEntries(given) };
}

/**
 * The absolute path of a program: the one that the environment names (`ORDINAL_HELM_PATH`), or else the first on the
 * PATH. One that is named and not there is not looked for elsewhere.
 */
export async function findProgram(name: ProgramName, env: Environment): Promise<string | undefined> {
  const named = env[variableOf(name)];
  if (named !== undefined && named !== "") {
    const absolute = named.startsWith("~/") ? path.join(homedir(), named.slice(2)) : named;
    return path.isAbsolute(absolute) && (await isProgram(absolute)) ? absolute : undefined;
  }
  const file = process.platform === "win32" ? `${name}.exe` : name;
  for (const directory of (env["PATH"] ?? env["Path"] ?? "").split(path.delimiter)) {
    const candidate = path.join(directory, file);
    if (path.isAbsolute(directory) && (await isProgram(candidate))) return candidate;
  }
  return undefined;
}

/** Why a program cannot be run, as a sentence without its full stop. */
export function notFound(name: ProgramName, env: Environment): string {
  const named = env[variableOf(name)];
  return named === undefined || named === "" ? `${name} is not on the PATH` : `${named} is not a program`;
}

function variableOf(name: string): string {
  return `ORDINAL_${name.toUpperCase()}_PATH`;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

const nowhere = "http://127.0.0.1:9";

/**
 * Kustomize fetches remote resources by HTTP and by git, helm the schemas that a values.schema.json refers to. Both use
 * Go's http.ProxyFromEnvironment: nothing listens at this proxy. GIT_ALLOW_PROTOCOL: git(1).
 */
function offline(env: Environment): NodeJS.ProcessEnv {
  return {
    ...env,
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    http_proxy: nowhere,
    https_proxy: nowhere,
    NO_PROXY: "",
    no_proxy: "",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_TERMINAL_PROMPT: "0",
  };
}

function reasonOf(
  error: Error & { readonly code?: unknown; readonly killed?: boolean },
  stderr: string,
  limit: number,
): string {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "it wrote more than 64 MiB";
  if (error.killed === true) return `it took longer than ${limit === timeout ? "a minute" : `${limit / 1000} s`}`;
  if (stderr.includes(`dial tcp ${nowhere.slice(7)}`) || /transport '\w+' not allowed/.test(stderr)) {
    return "it needs something from the network, which Ordinal does not use";
  }
  // kustomize 5.6 prints all of the chart's configuration before it says so.
  if (stderr.includes("must specify --enable-helm")) {
    return 'it holds helmCharts; give the output of "kustomize build --enable-helm" to ordinal instead';
  }
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
  const line = lines.find((one) => /^error: /i.test(one)) ?? lines.at(-1) ?? error.message;
  return shortened(innermost(line.replace(/^error: /i, "").trim()));
}

/** Kustomize says of every kustomization on the way that it accumulates; what went wrong stands in the middle. */
function innermost(message: string): string {
  const inner = message.slice(Math.max(0, message.lastIndexOf("recursed accumulation of path '")));
  const [, name, problem, target] =
    /accumulating resources from '([^']*)': (.*?)': (?:must build at directory|couldn't make target for path '[^']*': (.*))/.exec(
      inner,
    ) ?? [];
  if (name !== undefined && problem !== undefined) return `${name}: ${target ?? problem}`;
  return inner.replace(/^recursed accumulation of path '[^']*': /, "");
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 297)}...`;
}
