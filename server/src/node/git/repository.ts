import { execFile } from "node:child_process";
import path from "node:path";
import { findProgram, notFound, type Environment } from "../render/tools.js";

/** Why git does not tell what it was asked for; the message is a sentence without its full stop. */
export class GitError extends Error {
  override readonly name = "GitError";
}

/**
 * What git has recorded of a directory. It is only read: objects are listed and printed as they are, so that no filter,
 * hook or file system monitor of the repository's configuration runs, and neither index nor work tree is touched.
 */
export class Repository {
  readonly #git: string;
  readonly #env: Environment;
  /** An absolute path, below which files are known. */
  readonly directory: string;

  private constructor(git: string, directory: string, env: Environment) {
    this.#git = git;
    this.directory = directory;
    this.#env = env;
  }

  /** The repository whose work tree a directory is in. Throws a GitError. */
  static async around(directory: string, env: Environment): Promise<Repository> {
    const git = await findProgram("git", env);
    if (git === undefined) throw new GitError(notFound("git", env));
    const repository = new Repository(git, directory, env);
    const answer = await repository.#run(["rev-parse", "--is-inside-work-tree"]);
    if (answer.type === "failed") throw new GitError(firstLine(answer.message));
    if (answer.output.toString().trim() !== "true") {
      throw new GitError(`${directory} is in a repository without a work tree`);
    }
    return repository;
  }

  /** The id of the commit that a revision names: a branch, a tag, `HEAD~2`. Throws a GitError where there is none. */
  async commit(revision: string): Promise<string> {
    const found = await this.#run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]);
    if (found.type === "output") return found.output.toString().trim();
    const born = await this.#run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    if (born.type === "failed") throw new GitError("the repository has no commit yet");
    throw new GitError(`git knows no revision ${revision}${await this.#shallowness("fetch it first")}`);
  }

  /** Where the history of a commit and that of the one that is checked out part. Throws a GitError if they never met. */
  async mergeBase(commit: string): Promise<string> {
    const found = await this.#run(["merge-base", "--end-of-options", commit, "HEAD"]);
    if (found.type === "output") return found.output.toString().trim();
    throw new GitError(`it has no commit in common with HEAD${await this.#shallowness("git fetch --unshallow")}`);
  }

  async #shallowness(remedy: string): Promise<string> {
    const answer = await this.#run(["rev-parse", "--is-shallow-repository"]);
    const isShallow = answer.type === "output" && answer.output.toString().trim() === "true";
    return isShallow ? ` (the clone is shallow: ${remedy})` : "";
  }

  /** The ids of a commit's files below the directory, by their absolute paths. Neither links nor submodules. */
  async files(commit: string): Promise<ReadonlyMap<string, string>> {
    const listed = await this.#run(["ls-tree", "-r", "-z", commit]);
    if (listed.type === "failed") throw new GitError(firstLine(listed.message));
    const entries = listed.output.toString().split("\0");
    return new Map(
      entries.flatMap((entry): readonly (readonly [string, string])[] => {
        const [, id, name] = /^100\d{3} blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
        return id === undefined || name === undefined ? [] : [[path.join(this.directory, name), id]];
      }),
    );
  }

  /** The bytes of files, by their ids. Throws a GitError where git cannot read one. */
  async contents(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    if (ids.length === 0) return found;
    const answer = await this.#run(["cat-file", "--batch"], `${ids.join("\n")}\n`);
    if (answer.type === "failed") throw new GitError(firstLine(answer.message));
    const { output } = answer;
    for (let at = 0; at < output.length;) {
      const end = output.indexOf("\n", at);
      const [id = "", type, size] = output.toString("utf8", at, end).split(" ");
      if (type !== "blob") throw new GitError(`git cannot read the object ${id}`);
      const start = end + 1;
      at = start + Number(size) + 1;
      found.set(id, output.subarray(start, at - 1));
    }
    return found;
  }

  /** Those of some absolute paths that .gitignore and its like leave out. */
  async ignored(paths: readonly string[]): Promise<ReadonlySet<string>> {
    if (paths.length === 0) return new Set();
    // It ends with 1 where none is.
    const answer = await this.#run(["check-ignore", "-z", "--stdin"], `${paths.join("\0")}\0`);
    return new Set(answer.type === "output" ? answer.output.toString().split("\0") : []);
  }

  /**
   * What below the directory is neither recorded nor wanted, by .gitignore and its like: absolute paths of files, and of
   * directories where that goes for all in them. Nothing if it is the directory itself.
   */
  async ignoredBelow(): Promise<readonly string[]> {
    const args = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
    const answer = await this.#run(args);
    if (answer.type === "failed") return [];
    const names = answer.output.toString().split("\0");
    return names.filter((name) => name !== "" && name !== "./").map((name) => path.join(this.directory, name));
  }

  #run(args: readonly string[], input = ""): Promise<Answer> {
    return new Promise((resolve) => {
      const env = { ...this.#env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
      const options = { cwd: this.directory, env, timeout, maxBuffer, encoding: "buffer", windowsHide: true } as const;
      const child = execFile(this.#git, ["-c", "core.fsmonitor=false", ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve({ type: "output", output: stdout });
        else resolve({ type: "failed", message: messageOf(error, stderr.toString()) });
      });
      // It may end before it has read everything, and says why.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
  }
}

type Answer =
  { readonly type: "output"; readonly output: Buffer } | { readonly type: "failed"; readonly message: string };

/** In milliseconds. */
const timeout = 60_000;

/** In bytes. */
const maxBuffer = 512 * 1024 * 1024;

function messageOf(error: Error & { readonly killed?: boolean }, stderr: string): string {
  if (error.killed === true) return "git took longer than a minute";
  return stderr.trim() === "" ? error.message : stderr;
}

function firstLine(message: string): string {
  return (message.split(/\r?\n/)[0] ?? "").replace(/^fatal: /, "");
}
