import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver";
import type { Disk } from "./disk.js";
import type { Guard } from "./guard.js";

/** Reads folders and shows the editor how far that is, if it wants to see it. */
export async function scanWithProgress(
  connection: Connection,
  guard: Guard,
  disk: Disk,
  folders: readonly string[],
): Promise<void> {
  let progress: WorkDoneProgressServerReporter | undefined;
  let isOver = false;
  // The editor may take its time to answer, or never do: reading does not wait for it.
  const begin = async () => {
    const created = await connection.window.createWorkDoneProgress();
    created.begin("Ordinal", undefined, "Reading manifests");
    if (isOver) created.done();
    else progress = created;
  };
  guard.background("window/workDoneProgress/create", begin());
  try {
    await disk.scan(folders, (files) => {
      if (files % filesPerReport === 0) progress?.report(`Reading manifests: ${files} files`);
    });
  } finally {
    isOver = true;
    progress?.done();
  }
}

const filesPerReport = 100;
