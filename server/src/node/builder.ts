import { pathToFileURL } from "node:url";
import type { Builder } from "../lsp/runtime.js";
import { pathOf } from "./disk/files.js";
import { build } from "./render/build.js";
import { findTargets, targetsAt, targetsWith } from "./render/targets.js";
import { findTools, type Environment } from "./render/tools.js";

/** Builds with the tools of the environment as it is then. */
export const nodeBuilder = (env: () => Environment): Builder => ({
  async buildsWith(uri, folders) {
    const file = pathOf(uri);
    const roots = folders.flatMap((folder) => pathOf(folder) ?? []);
    if (file === undefined) return [];
    const targets = (await Promise.all(roots.map((root) => findTargets(root)))).flat();
    return (await targetsWith(file, targets)).map(({ tool, directory }) => ({
      tool,
      directory: pathToFileURL(directory).href,
    }));
  },
  async build({ tool, directory: uri }, options) {
    const directory = pathOf(uri);
    const targets = directory === undefined ? [] : await targetsAt(directory);
    const target = targets.find((one) => one.tool === tool);
    if (target === undefined) return { type: "gone" };
    return build(target, { tools: await findTools(env()), env: env(), values: [], ...options });
  },
});
