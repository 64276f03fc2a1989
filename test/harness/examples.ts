import {
  applyEdits,
  defaultConfig,
  parseRelease,
  type Config,
  type FileFinding,
  type FileFix,
} from "../../server/src/engine/api.js";
import type { CoreRule } from "../../server/src/engine/lint/core-rules.js";
import type { Example } from "../../server/src/engine/lint/rule.js";
import { analyse, filesOf, root } from "./workspace.js";

/** The configuration in which an example of a rule is run. */
export function configFor({ id, recommended }: CoreRule, { kubernetesVersion }: Example): Config {
  const release = kubernetesVersion === undefined ? undefined : parseRelease(kubernetesVersion);
  return {
    ...defaultConfig,
    ...(release && { kubernetesVersion: release }),
    // A rule that only the strict profile runs is switched on by itself: its examples need not please the others.
    rules: recommended === false ? { [id]: "warning" } : {},
  };
}

/**
 * All that is found in the files of a fixture, and all fixes of it, which are made when they are asked for. `before`: the
 * files that it is compared with.
 */
export function found(
  fixture: string,
  config: Config,
  before?: string,
): { readonly findings: readonly FileFinding[]; readonly fixes: readonly FileFix[] } {
  const analysis = analyse(fixture, config, before);
  const files = [...filesOf(fixture)];
  const fixes = () => files.flatMap(([name, text]) => analysis.fixes(root + name, { start: 0, end: text.length }));
  let made: readonly FileFix[] | undefined;
  return {
    findings: files.flatMap(([name]) => analysis.findings(root + name)),
    get fixes() {
      return (made ??= fixes());
    },
  };
}

/** The fixture as a fix makes it. */
export function applied(fixture: string, fix: FileFix): string {
  return [...filesOf(fixture)]
    .map(([name, text]) => {
      const change = fix.changes.find(({ uri }) => uri === root + name);
      return change === undefined ? text : applyEdits(text, change.edits);
    })
    .join("");
}
