import { kindOf } from "../../kubernetes/resources/kinds.js";
import { rootType } from "../../kubernetes/schema/schema.js";
import { schemaSpot } from "../../kubernetes/schema/walk.js";
import type { TargetCluster } from "../../kubernetes/versions.js";
import type { Path } from "../../yaml/path.js";
import { apiPage } from "../api-page.js";
import { ownPage } from "./own-page.js";

/** A field of a kind of objects; list items on the way are numbers, whichever. */
export interface FieldId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: Path;
}

/** What is to be said of a field in general, without any object, as Markdown: our own words, else the API's. */
export function fieldPage({ apiVersion, kind, path: field }: FieldId, cluster: TargetCluster): string | undefined {
  const docs = kindOf(apiVersion, kind)?.docs;
  const own = docs && ownPage(docs, { field, cluster }, () => []);
  if (own !== undefined) return own;
  const type = rootType(apiVersion, kind);
  const known = type && schemaSpot(type, field)?.field;
  return known && apiPage(known, cluster, undefined);
}
