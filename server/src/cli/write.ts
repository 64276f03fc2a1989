import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "./exit.js";

/** Writes a file and the directories that it needs. Throws a UsageError, which begins with `what`, where it cannot. */
export async function writeText(file: string, text: string, what: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UsageError(`${what} cannot be written: ${reason}`);
  }
}
