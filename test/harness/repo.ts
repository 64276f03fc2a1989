import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** An absolute path below the repository's root; compiled tests run from `out/`, so a relative one would miss. */
export function repo(...segments: string[]): string {
  return path.join(root, ...segments);
}
