import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { directoryWith } from "../../cli/ordinal.js";
import { chartCases, chartFiles, templateWith } from "../../harness/chart-values.js";
import { toolDirectories } from "./tools.js";

const helm = path.join(toolDirectories.helm, "helm");

describe("what the real helm makes of a field", () => {
  for (const [title, spec, value] of chartCases) {
    if (value === "opaque" || value === "open") continue;
    test(title, (context) => {
      const cwd = directoryWith(context, { ...chartFiles, "templates/x.yaml": templateWith(spec) });
      const output = execFileSync(helm, ["template", "release-name", cwd], { encoding: "utf8" });
      assert.deepEqual(parse(output).spec.x, value);
    });
  }
});
