import { execSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Installs the packages that a folder's lock file names, unless exactly those are there already.
 * @param {string} folder holds package.json and package-lock.json
 */
export function installed(folder) {
  if (!isInstalled(folder)) npm(folder, "ci");
}

/**
 * Runs npm in a folder, its output shown; throws when it fails. It goes through the shell, because on Windows npm is
 * a batch file: the arguments are words of ours, never a path.
 * @param {string} folder
 * @param {...string} words
 */
export function npm(folder, ...words) {
  execSync(["npm", "--loglevel=error", "--no-audit", "--no-fund", ...words].join(" "), {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** npm keeps a copy of what it installed; a package for another platform is optional and not in it. */
function isInstalled(folder) {
  const copy = path.join(folder, "node_modules/.package-lock.json");
  if (!existsSync(copy)) return false;
  const wanted = packages(path.join(folder, "package-lock.json"));
  const present = packages(copy);
  return Object.entries(wanted).every(
    ([place, { version, optional }]) =>
      place === "" || present[place]?.version === version || (optional && !present[place]),
  );
}

function packages(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}
