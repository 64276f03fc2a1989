import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { refusals } from "../../engine/kustomize/refusals.js";
import { toolDirectories } from "./tools.js";

const run = promisify(execFile);
const kubectl = path.join(toolDirectories.kubectl, "kubectl");

describe("kubectl kustomize fails where it is told, and nowhere else", () => {
  for (const { title, files, fails } of refusals) {
    test(title, async () => {
      const directory = await mkdtemp(path.join(tmpdir(), "ordinal-refusal-"));
      try {
        for (const [name, text] of Object.entries(files)) {
          await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
          await writeFile(path.join(directory, name), text);
        }
        const isBuilt = await run(kubectl, ["kustomize", directory]).then(
          () => true,
          () => false,
        );
        assert.equal(isBuilt, fails.length === 0);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });
  }
});
