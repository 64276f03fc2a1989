import { mayBeTemplate } from "../../helm/chart.js";
import { kustomizationNames } from "../../kustomize/read.js";
import { readResources, type Resource } from "../../kubernetes/resources/resource.js";
import { memoize } from "../../workspace/memo.js";
import type { ParsedChunk } from "../../workspace/source-file.js";
import { parse, type ParsedDocument } from "../../yaml/parse.js";
import type { Document } from "../document.js";
import { isValuesFile, templateNames, valueNames } from "./chart-names.js";
import { dnsNames } from "./dns-names.js";
import { kustomizationNamesIn } from "./kustomization-names.js";
import { namesIn } from "./manifest-names.js";
import type { Occurrence } from "./occurrence.js";

/** The names that a document writes, in the order of the text. Of a document that cannot be read, those that can. */
export function namesOf({ chunk, id: { uri } }: Document): readonly Occurrence[] {
  if (chunk.failure !== undefined) return [];
  if (isKustomization(uri)) return inKustomization(chunk);
  if (isValuesFile(uri)) return inValues(chunk);
  return mayBeTemplate(uri) ? inTemplate(chunk) : inManifest(chunk);
}

function isKustomization(uri: string): boolean {
  return kustomizationNames.includes(uri.slice(uri.lastIndexOf("/") + 1));
}

/** The objects of a chunk with the text that they were read from, also of kinds that no rule looks into. */
export const objectsOf = memoize(
  (chunk: ParsedChunk): readonly { readonly document: ParsedDocument; readonly resources: readonly Resource[] }[] => {
    if (chunk.template !== undefined)
      return chunk.template.readings.map(({ document, written }) => ({ document, resources: written }));
    if (chunk.resources.length > 0 || chunk.state !== "ignored" || chunk.failure !== undefined)
      return [{ document: chunk.document, resources: chunk.resources }];
    if (!/\bkind\b/.test(chunk.visible) || !chunk.visible.includes("apiVersion")) return [];
    const document = parse(chunk.visible);
    return document.template ? [] : [{ document, resources: readResources(document.root) }];
  },
);

const inManifest = memoize((chunk: ParsedChunk): readonly Occurrence[] =>
  distinct(
    objectsOf(chunk).flatMap(({ document, resources }) => [
      ...resources.flatMap((resource) => namesIn(resource, document.text)),
      ...dnsNames(resources, document),
    ]),
  ),
);

const inKustomization = memoize((chunk: ParsedChunk) => distinct(kustomizationNamesIn(chunk)));
const inValues = memoize((chunk: ParsedChunk) => valueNames(parse(chunk.text)));
const inTemplate = memoize((chunk: ParsedChunk) => [...inManifest(chunk), ...templateNames(chunk.text)]);

/** What an alias stands for is met again for each alias, and what every reading of a template has, in each. */
function distinct(found: readonly Occurrence[]): readonly Occurrence[] {
  const keyOf = ({ sort, span, text, holder }: Occurrence) =>
    `${sort} ${span.start} ${text} ${holder.type === "named" ? holder.object.kinds.join() : holder.type}`;
  return [...new Map(found.toReversed().map((one) => [keyOf(one), one])).values()].toSorted(
    (one, other) => one.span.start - other.span.start,
  );
}
