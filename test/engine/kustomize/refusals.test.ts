import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { createWorkspace, root } from "../../harness/workspace.js";
import { refusals } from "./refusals.js";

describe("what makes a build fail is told where it stands", () => {
  for (const { title, files, fails } of refusals) {
    test(title, () => {
      const workspace = createWorkspace(defaultConfig);
      for (const [name, text] of Object.entries(files)) workspace.setFile(root + name, text);
      workspace.setComplete(true);
      const analysis = workspace.snapshot();
      const told = [...analysis.uris()].flatMap((uri) =>
        analysis
          .findings(uri)
          .filter(({ rule }) => rule === "kustomization-fails")
          .map(({ span }) => `${uri.slice(root.length)}:${(analysis.lines(uri)?.position(span.start).line ?? 0) + 1}`),
      );
      assert.deepEqual(told, fails);
    });
  }
});
