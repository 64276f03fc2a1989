import { randomUUID } from "node:crypto";
import { open, readFile, realpath, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { decodeText, encodeText } from "../node/files.js";
import { isWithin } from "./context.js";

/**
 * Replaces the text of a file by another, all at once: whoever reads the file sees the one or the other. Encoding, byte
 * order mark and permissions stay; a symbolic link stays one, and what it leads to is written if that lies in one of
 * the paths `within`. Returns why it could not be done, in words that follow the file's name. Never rejects.
 */
export async function rewriteText(
  file: string,
  before: string,
  after: string,
  within: readonly string[],
): Promise<string | undefined> {
  try {
    const target = await realpath(file);
    const allowed = await Promise.all(within.map((one) => realpath(one)));
    if (!allowed.some((one) => isWithin(target, one))) return `is a link to ${target}, which was not asked about`;
    // A file that is replaced need not be writable; one that its owner has locked is not to be changed.
    const opened = await open(target, "r+");
    try {
      return await replace(target, opened, before, after);
    } finally {
      await opened.close();
    }
  } catch (error) {
    return `cannot be written: ${wordsFor(error)}`;
  }
}

async function replace(target: string, opened: FileHandle, before: string, after: string): Promise<string | undefined> {
  const bytes = await readFile(opened);
  const now = decodeText(bytes);
  // Under another name it has been written already.
  if (now.type === "text" && now.text === after) return undefined;
  if (now.type !== "text" || now.text !== before) return "has changed since it was read, and is left as it is";
  const { mode } = await opened.stat();
  // A short name of its own: the file's may be as long as names can be.
  const temporary = path.join(path.dirname(target), `.${randomUUID()}.tmp`);
  try {
    const written = await open(temporary, "wx", mode);
    try {
      await written.chmod(mode); // whatever the umask says
      await written.writeFile(encodeText(after, bytes));
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return undefined;
}

function wordsFor(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOENT":
      return "it does not exist any more";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the file system is read-only";
    default:
      return String(code ?? error);
  }
}
