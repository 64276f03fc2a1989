import type { Config } from "../config/config.js";
import { formatRelease } from "../kubernetes/versions.js";
import type { DocumentFinding } from "./finding.js";
import { unusedSuppression } from "./core-rules.js";

/** The configurations for each release of a range, oldest first; a configuration for one release is its own. */
export function createVariants(): (config: Config) => readonly Config[] {
  const known = new WeakMap<Config, readonly Config[]>();
  return (config) => {
    if (config.range.length === 0) return [config];
    const made = known.get(config) ?? config.range.map((one) => ({ ...config, ...one, range: [] }));
    known.set(config, made);
    return made;
  };
}

/**
 * What is found for several releases, as one list: what is found for all of them once, what is found for some with a
 * note that says which. `found` has the findings for each variant.
 */
export function acrossReleases(
  variants: readonly Config[],
  found: readonly (readonly DocumentFinding[])[],
): readonly DocumentFinding[] {
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const byKey = new Map<string, { readonly finding: DocumentFinding; readonly variants: readonly number[] }>();
  for (const [index, findings] of found.entries()) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.rule, finding.message.id, finding.span, finding.builds]);
      byKey.set(key, { finding, variants: [...new Set([...(byKey.get(key)?.variants ?? []), index])] });
    }
  }
  return [...byKey.values()]
    .flatMap(({ finding, variants: where }) => {
      if (where.length === found.length) return [finding];
      // A comment that is needed for one release is needed.
      if (finding.rule === unusedSuppression.id) return [];
      const note = `Kubernetes ${releasesText(where, variants)}`;
      return [{ ...finding, note: finding.note === undefined ? note : `${finding.note}; ${note}` }];
    })
    .toSorted((a, b) => a.span.start - b.span.start);
}

/** `1.34`, `1.34 to 1.36`, `1.34 and 1.36` */
function releasesText(where: readonly number[], variants: readonly Config[]): string {
  const names = where.flatMap((index) => {
    const variant = variants[index];
    return variant === undefined ? [] : [formatRelease(variant.newerRelease ?? variant.kubernetesVersion)];
  });
  const [first = "", last = ""] = [names[0], names.at(-1)];
  const isRun = where.every((index, place) => place === 0 || index === (where[place - 1] ?? 0) + 1);
  if (names.length <= 2 || !isRun) return names.join(" and ");
  return `${first} to ${last}`;
}
