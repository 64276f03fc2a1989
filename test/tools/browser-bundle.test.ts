import assert from "node:assert/strict";
import { isBuiltin } from "node:module";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { build, type BuildOptions } from "esbuild";
import { repo } from "../harness/repo.js";

const { browser }: { readonly browser: readonly (BuildOptions & { readonly outfile: string })[] } = await import(
  pathToFileURL(repo("server/src/tools/bundle.mjs")).href
);

for (const options of browser) {
  test(`${options.outfile} needs nothing of Node`, async () => {
    const { metafile, outputFiles } = await build({
      ...options,
      absWorkingDir: repo(),
      logLevel: "silent",
      sourcemap: false,
      metafile: true,
      write: false,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map((one) => one.path));
    assert.deepEqual(
      imports.filter((one) => one !== "vscode"),
      [],
    );
    const inputs = Object.keys(metafile.inputs);
    assert.ok(inputs.length > 10);
    assert.deepEqual(
      inputs.filter(
        (one) => /^(?:server|client)\/src\/(?:node|cli|tools)\/|\/lib\/node\/|^node:/.test(one) || isBuiltin(one),
      ),
      [],
    );
    // What a bundler leaves where it finds no module.
    assert.doesNotMatch(outputFiles[0]?.text ?? "", /Dynamic require of|require\("(?!vscode")[^"]+"\)/);
  });
}
