// Puts real editors from Debian's archive into a cache folder, without root and without touching the system: apt resolves
// and downloads with a configuration of its own, dpkg unpacks, and each editor runs with the C library of its own release.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

const cache =
  process.env.ORDINAL_EDITORS ??
  path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "ordinal-editors");
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const mirror = process.env.DEBIAN_MIRROR ?? "http://deb.debian.org/debian";

/** Why no editor can be installed here; nothing where they can. */
export function whyNot() {
  if (process.platform !== "linux" || process.arch !== "x64") return "the editors are those of Debian for Linux on x64";
  if (!existsSync(keyring)) return `Debian's keys are not here (${keyring})`;
  for (const program of ["apt-get", "dpkg"]) {
    try {
      execFileSync(program, ["--version"], { stdio: "ignore" });
    } catch {
      return `there is no ${program}`;
    }
  }
  return undefined;
}

/**
 * @param {string} suite of Debian, such as `trixie`
 * @param {readonly string[]} packages with what they depend on
 * @returns {string} the folder that stands for the root of a Debian with these packages
 */
export function installed(suite, packages) {
  const folder = path.join(cache, `${suite}-${packages.join("-")}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  const apt = path.join(cache, `apt-${suite}`);
  console.log(`installing ${packages.join(", ")} of Debian ${suite} into ${folder}`);
  try {
    const options = aptOptions(apt, suite);
    run("apt-get", [...options, "update"]);
    run("apt-get", [...options, "install", "--download-only", "--yes", "--no-install-recommends", ...packages]);
    const archives = path.join(apt, "cache/archives");
    mkdirSync(unfinished, { recursive: true });
    for (const file of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
      run("dpkg", ["--extract", path.join(archives, file), unfinished]);
    }
    rmSync(archives, { recursive: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** A dpkg that has nothing installed: so everything down to the C library is downloaded. */
function aptOptions(folder, suite) {
  for (const part of ["lists/partial", "cache/archives/partial"])
    mkdirSync(path.join(folder, part), { recursive: true });
  writeFileSync(path.join(folder, "status"), "");
  writeFileSync(path.join(folder, "sources.list"), `deb [signed-by=${keyring}] ${mirror} ${suite} main\n`);
  const settings = {
    "Dir::Etc::SourceList": path.join(folder, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::State": folder,
    "Dir::State::Lists": path.join(folder, "lists"),
    "Dir::State::status": path.join(folder, "status"),
    "Dir::Cache": path.join(folder, "cache"),
    "Debug::NoLocking": "1",
    "APT::Sandbox::User": "",
  };
  return ["-qq", ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
}

function run(program, args) {
  try {
    execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, LC_ALL: "C" } });
  } catch (error) {
    throw new Error(`${program} failed: ${String(error.stderr).trim().split("\n").at(-1)}`, { cause: error });
  }
}

/**
 * How a program of such a root is started.
 * @returns {readonly string[]} a command and its first arguments
 */
export function command(root, program) {
  const loader = path.join(root, "usr/lib64/ld-linux-x86-64.so.2");
  const libraries = path.join(root, "usr/lib/x86_64-linux-gnu");
  const file = path.join(root, program);
  return [loader, "--library-path", libraries, "--argv0", file, file];
}
