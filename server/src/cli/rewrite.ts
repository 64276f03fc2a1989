import { randomUUID } from "node:crypto";
import { open, realpath, rm, stat } from "node:fs/promises";
import path from "node:path";
import { decodeText, encodeText } from "../node/disk/files.js";
import { isWithin } from "./context.js";

/**
 * Replaces the text of a file by another, in place: its hard links, owner, permissions, encoding and byte order mark
 * stay; a symbolic link stays one, and what it leads to is written if that lies in one of the paths `within`. Returns
 * why it could not be done, in words that follow the file's name. Never rejects.
 *
 * Writing in place may be cut short. A copy of the old text is on the disk before the first byte changes, in
 * `.ordinal-backup-*` beside the file, and goes when the new text is on the disk. What fails is undone.
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
    // The superuser could write it all the same; its owner does not want that.
    if (((await stat(target)).mode & 0o222) === 0) return "is read-only, and is left as it is";
    const opened = await open(target, "r+");
    try {
      return await replaceText(target, opened, before, after);
    } finally {
      await opened.close();
    }
  } catch (error) {
    return `cannot be written: ${wordsFor(error)}`;
  }
}

/** What of an opened file is needed. */
export interface Writable {
  readFile(): Promise<Uint8Array>;
  stat(): Promise<{ readonly mode: number }>;
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  sync(): Promise<void>;
}

/** The same for the opened file at a path. Rejects where the file cannot be written; then it is as it was. */
export async function replaceText(
  target: string,
  opened: Writable,
  before: string,
  after: string,
): Promise<string | undefined> {
  const bytes = await opened.readFile();
  const now = decodeText(bytes);
  // Under another name it has been written already.
  if (now.type === "text" && now.text === after) return undefined;
  if (now.type !== "text" || now.text !== before) return "has changed since it was read, and is left as it is";
  // A short name of its own: the file's may be as long as names can be.
  const backup = path.join(path.dirname(target), `.ordinal-backup-${randomUUID()}`);
  try {
    await writeNew(backup, bytes, (await opened.stat()).mode);
  } catch (error) {
    await rm(backup, { force: true });
    return `cannot be written: no copy of it can be kept in its directory: ${wordsFor(error)}`;
  }
  try {
    await overwrite(opened, encodeText(after, bytes));
  } catch (error) {
    try {
      await overwrite(opened, bytes);
    } catch {
      return `cannot be written: ${wordsFor(error)}; its text is in ${backup}`;
    }
    await rm(backup, { force: true });
    throw error;
  }
  await rm(backup, { force: true });
  return undefined;
}

async function writeNew(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const written = await open(file, "wx", mode);
  try {
    await written.writeFile(bytes);
    await written.sync();
  } finally {
    await written.close();
  }
}

/** Makes the file hold these bytes. Its length is set last, so that undoing a failed write needs no new space. */
async function overwrite(opened: Writable, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await opened.write(bytes, done, bytes.length - done, done)).bytesWritten;
  }
  await opened.truncate(bytes.length);
  await opened.sync();
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
