import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync, mkdirSync } from "node:fs";
import path from "node:path";

/** Runs the real git in a directory, with nobody's configuration, and returns what it wrote. */
export function git(cwd: string, ...args: readonly string[]): string {
  const env = { ...process.env, ...gitEnv };
  return execFileSync("git", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

const nobody = { name: "A", email: "a@example.com", date: "2026-01-01T00:00:00Z" };

/** With a PATH, all that git needs. */
const gitEnv = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "protocol.file.allow",
  GIT_CONFIG_VALUE_0: "always",
  GIT_AUTHOR_NAME: nobody.name,
  GIT_AUTHOR_EMAIL: nobody.email,
  GIT_AUTHOR_DATE: nobody.date,
  GIT_COMMITTER_NAME: nobody.name,
  GIT_COMMITTER_EMAIL: nobody.email,
  GIT_COMMITTER_DATE: nobody.date,
};

/** Makes a directory a repository whose only commit, on `main`, holds what is there. */
export function initialise(directory: string): void {
  git(directory, "init", "--quiet", "--initial-branch=main");
  commitAll(directory);
}

export function commitAll(directory: string): void {
  git(directory, "add", "--all");
  git(directory, "commit", "--quiet", "--allow-empty", "--message=x");
}

/** Writes files, or removes those that shall be `undefined`. Names may hold `/`. */
export function write(directory: string, files: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    if (text === undefined) {
      rmSync(file, { recursive: true });
      continue;
    }
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
