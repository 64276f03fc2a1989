import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createChartDefaults } from "../../../server/src/engine/builds/chart-defaults.js";
import { readByDefaults } from "../../../server/src/engine/helm/by-defaults.js";
import { segments, withFiles, emptyDirectory } from "../../../server/src/engine/workspace/directory.js";
import { readSourceFile, type SourceFile } from "../../../server/src/engine/workspace/source-file.js";
import { chartCases, chartFiles, templateWith } from "../../harness/chart-values.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";

/** What the template's `spec.x` is with the default values: its value, or `opaque` or `open`. */
function valueOf(spec: string): unknown {
  const directory = withFiles(
    emptyDirectory<SourceFile>(),
    Object.entries(chartFiles).map(([name, text]) => ({
      way: segments(name),
      file: readSourceFile(name, text, undefined),
    })),
  );
  const { context } = createChartDefaults()(directory);
  const [resource] = readByDefaults(templateWith(spec), context);
  return known(resource?.place.at("spec", "x"));
}

function known(place: Place | undefined): unknown {
  if (place === undefined || place.kind === "opaque") return "opaque";
  if (place.isOpen) return "open";
  if (place.kind === "map") return Object.fromEntries(place.entries().map(([key, entry]) => [key, known(entry)]));
  return place.kind === "list" ? place.items().map(known) : place.value();
}

describe("what the default values of a chart make of a field", () => {
  for (const [title, spec, value] of chartCases) test(title, () => assert.deepEqual(valueOf(spec), value));
});
