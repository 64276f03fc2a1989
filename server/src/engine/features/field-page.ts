import { rootType } from "../kubernetes/schema/schema.js";
import { schemaSpot } from "../kubernetes/schema/walk.js";
import type { TargetCluster } from "../kubernetes/versions.js";
import type { Path } from "../yaml/path.js";
import { apiPage } from "./api-page.js";
import { ownPage } from "./field-docs/own-page.js";
import { serviceDocs } from "./field-docs/service.js";
import { statefulSetDocs } from "./field-docs/statefulset.js";

/** A field of a kind of objects; list items on the way are numbers, whichever. */
export interface FieldId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: Path;
}

/** What is to be said of a field in general, without any object, as Markdown: our own words, else the API's. */
export function fieldPage({ apiVersion, kind, path: field }: FieldId, cluster: TargetCluster): string | undefined {
  const nothing = () => [];
  switch (`${apiVersion}/${kind}`) {
    case "apps/v1/StatefulSet": {
      const own = ownPage(statefulSetDocs, { field, cluster, apiSince: "1.9" }, nothing);
      if (own !== undefined) return own;
      break;
    }
    case "v1/Service": {
      const own = ownPage(serviceDocs, { field, cluster, apiSince: "1.0" }, nothing);
      if (own !== undefined) return own;
      break;
    }
  }
  const type = rootType(apiVersion, kind);
  const known = type && schemaSpot(type, field)?.field;
  return known && apiPage(known, cluster, undefined);
}
