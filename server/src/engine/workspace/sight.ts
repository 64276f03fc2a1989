import { chartDirectory, seenInChart } from "./chart-scope.js";
import { directoryAt, emptyDirectory, segments } from "./directory.js";
import { memoize } from "./memo.js";
import type { FileSummary, SummaryIndex, ResourceSummary } from "./summary.js";

/**
 * All of an index that the scopes of one file's documents show anything of. As long as each of its parts is the same,
 * so are their answers, in the same unit, with the same drafts and by the same settings.
 */
export type Sight = readonly unknown[];

export function sameSight(one: Sight, other: Sight): boolean {
  return one.every((part, place) => part === other[place]);
}

/** Makes the function that tells what a file's scopes see of an index. One for all states of a workspace. */
export function createSights(): (uri: string, index: SummaryIndex) => Sight {
  const namesIn = memoize((file: FileSummary) =>
    seenInChart(file)
      .flatMap(({ resources }) => resources.map(seenFromAfar))
      .join(""),
  );
  const namesBelow: (directory: SummaryIndex) => string = memoize(({ files, directories }) =>
    [...[...files.values()].map(namesIn), ...[...directories.values()].map(namesBelow)].join(""),
  );
  let latest = "";
  /** What is seen of all Services: the same text object until one of them changes, so that comparing it costs nothing. */
  const serviceNames = memoize((index: SummaryIndex) => {
    const names = namesBelow(index);
    latest = names === latest ? latest : names;
    return latest;
  });
  return (uri, index) => {
    const { parent, chart } = whereabouts(uri, index);
    return [parent, chart, serviceNames(index)];
  };
}

/** What documents see however far away they are: which pods a Service selects, and which sets name it. */
function seenFromAfar(resource: ResourceSummary): string {
  switch (resource.kind) {
    case "Service":
      return JSON.stringify([resource.key, resource.document.uri, resource.selector && [...resource.selector]]);
    case "StatefulSet":
      return JSON.stringify([resource.key, resource.document.uri, resource.serviceName]);
    default:
      return "";
  }
}

/** Where a file stands: its scopes reach no further, but for the names of Services. */
export function whereabouts(uri: string, index: SummaryIndex) {
  const way = segments(uri);
  const directory: SummaryIndex = directoryAt(index, way.slice(0, -1)) ?? emptyDirectory();
  const parent = directoryAt(index, way.slice(0, -2)) ?? directory;
  return { way, directory, parent, chart: chartDirectory(way, index) };
}
