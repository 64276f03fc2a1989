import path from "node:path";
import { watch } from "chokidar";
import { isManifestName, isSkippedDirectory } from "../lsp/manifest-names.js";

/** In milliseconds: what an editor or git writes at once is one change. */
const settling = 50;

/** Something each time that files which may hold manifests have changed below these directories. Never ends. */
export async function* changes(directories: readonly string[]): AsyncGenerator<undefined> {
  const watcher = watch([...directories], {
    ignoreInitial: true,
    ignored: (file, stats) =>
      !directories.includes(file) &&
      (isSkippedDirectory(path.basename(file)) || (stats?.isFile() === true && !isManifestName(file))),
  });
  let changed = () => {};
  let next = new Promise<void>((resolve) => (changed = resolve));
  watcher.on("all", () => changed());
  try {
    for (;;) {
      await next;
      await new Promise((resolve) => setTimeout(resolve, settling));
      next = new Promise((resolve) => (changed = resolve));
      yield;
    }
  } finally {
    await watcher.close();
  }
}
