/**
 * Whether Helm passes over a file of a chart, by the text of its `.helmignore` (pkg/ignore/rules.go, Helm 4.1).
 * @param segments the file's path in the chart: `["templates", "set.yaml"]`
 */
export function isIgnored(segments: readonly string[], helmignore: string): boolean {
  const rules = helmignore
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  // Of a directory that is ignored, no file is looked at.
  return segments.some((_, index) => {
    const isDirectory = index < segments.length - 1;
    return isPathIgnored(segments.slice(0, index + 1).join("/"), isDirectory, rules);
  });
}

/** The first rule that says something decides; `!x` says that all but `x` is ignored. */
function isPathIgnored(path: string, isDirectory: boolean, rules: readonly string[]): boolean {
  for (const rule of rules) {
    const isNegated = rule.startsWith("!");
    const forDirectories = rule.endsWith("/");
    const pattern = rule.slice(isNegated ? 1 : 0, forDirectories ? -1 : undefined);
    const name = pattern.includes("/") ? path : path.slice(path.lastIndexOf("/") + 1);
    const isMatch = (isDirectory || !forDirectories) && matches(pattern.replace(/^\//, ""), name);
    if (isMatch !== isNegated) return true;
  }
  return false;
}

/** Go's filepath.Match: `*` and `?` stand for no slash. What is in brackets is not looked at: any character matches. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.match(/\[[^\]]*\]?|\\?[^]/g) ?? [];
  let part = 0;
  let at = 0;
  let star: { readonly part: number; readonly at: number } | undefined;
  while (at < name.length) {
    const expected = parts[part];
    const character = name[at];
    if (expected === "*") {
      star = { part: ++part, at };
    } else if (
      expected === character ||
      expected === `\\${character ?? ""}` ||
      (character !== "/" && (expected === "?" || expected?.startsWith("[") === true))
    ) {
      part++;
      at++;
    } else if (star !== undefined && name[star.at] !== "/") {
      star = { part: star.part, at: star.at + 1 };
      ({ part, at } = star);
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest === "*");
}
