import type { Resource } from "../../kubernetes/resources/resource.js";
import type { Selector } from "../../kubernetes/selection.js";
import type { Span } from "../../text/span.js";
import type { Place } from "../../yaml/place.js";

/** A place where a document writes a name. Spans are in offsets of the document's chunk. */
export interface Occurrence {
  readonly sort: Sort;
  /** `db`; of a label `app=db`, of a chart's value `image.tag`. */
  readonly text: string;
  readonly role: "definition" | "reference";
  /** The name itself, without quotes: `db` in `data-db-0`. */
  readonly span: Span;
  /** All of the value that holds it, with its quotes. */
  readonly scalar: Span;
  /** Where a cursor means it too: the key of a label, the ordinal behind a pod's name. */
  readonly reach: Span;
  /** The field, as the API writes it: `spec.serviceName`. */
  readonly field: string;
  /** The object that it stands in; `undefined` for what is not of the API. */
  readonly inside: Resource | undefined;
  readonly holder: Holder;
}

/**
 * What a name is of. `object`: an object of the API; `volume`: a volume or claim template, as the pod's containers know
 * it; `key`: of a ConfigMap or Secret; `label`: of pods; `value`: of a chart; `template`: a named template of charts.
 */
export type Sort =
  "object" | "volume" | "container" | "containerPort" | "servicePort" | "key" | "label" | "value" | "template" | "file";

/** Where the definition of a name is looked for. */
export type Holder =
  /** In the object that the name stands in, and its patches. */
  | { readonly type: "own"; readonly resource: Resource }
  /** In the object that the manifest names. */
  | { readonly type: "named"; readonly object: ObjectName }
  /** In the pods that a selector selects. */
  | { readonly type: "selected"; readonly resource: Resource; readonly selector: Selector }
  /** In the files of a chart. */
  | { readonly type: "chart" }
  /** At a path, as a kustomization writes it. */
  | { readonly type: "path"; readonly path: string };

/** An object by what a manifest says of it. */
export interface ObjectName {
  /** One of these, each as `GROUP/KIND`. */
  readonly kinds: readonly string[];
  readonly namespace: string | undefined;
  readonly name: string;
  /** Of a StatefulSet: only one with this governing Service, or with this claim template. */
  readonly serviceName?: string;
  readonly claimTemplate?: string;
}

/** The part of a scalar's text that is the name; the whole scalar where it is written with escapes. */
export function nameSpan(text: string, scalar: Span, name: string): Span {
  const written = text.slice(scalar.start, scalar.end);
  const at = written === name ? 0 : written.indexOf(name);
  const isWhole = at === 0 || /^["'|>]/.test(written);
  if (at === -1 || !isWhole || written.includes(name, at + 1)) return scalar;
  return { start: scalar.start + at, end: scalar.start + at + name.length };
}

/** A name that is all of a scalar. */
export function atPlace(
  text: string,
  place: Place,
  rest: Pick<Occurrence, "sort" | "text" | "role" | "field" | "inside" | "holder">,
  name = rest.text,
): Occurrence {
  const scalar = place.span;
  return { ...rest, span: nameSpan(text, scalar, name), scalar, reach: scalar };
}
