/** Whether a file stands where charts have their templates. */
export function mayBeTemplate(uri: string): boolean {
  return /\/templates\//i.test(uri) && /\.(?:ya?ml|tpl)$/i.test(uri);
}

/** Whether Helm writes what is outside of its `define`s: not of partials such as `_helpers.tpl`. */
export function isRendered(uri: string): boolean {
  return !/\/_[^/]*$/.test(uri);
}

/** Where a file's chart lies: how many segments its directory has. `undefined` where it is no chart's template. */
export function chartDepth(way: readonly string[], hasChartFile: (depth: number) => boolean): number | undefined {
  for (let depth = way.length - 2; depth > 0; depth--) {
    if (way[depth] === "templates" && hasChartFile(depth)) return depth;
  }
  return undefined;
}

export const chartFile = "Chart.yaml";
