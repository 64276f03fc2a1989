import type { Resource } from "../../kubernetes/resources/resource.js";
import { describePods, podNames, type StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { shift, type Span } from "../../text/span.js";
import { printable } from "../../text/printable.js";
import type { Document } from "../document.js";
import { resourceSpan } from "../../workspace/source-file.js";
import type { Place } from "../../yaml/place.js";

/** One line of a file's outline. Spans are in UTF-16 offsets of the file. */
export interface DocumentSymbol {
  /** Never empty. */
  readonly name: string;
  /** Beside the name, in a weaker colour; may be empty. */
  readonly detail: string;
  readonly kind: "resource" | "section" | "field" | "container" | "port" | "claim";
  /** All of it, for the outline to follow the cursor. Those of the children are within. */
  readonly span: Span;
  /** What a click selects; within `span`. */
  readonly selectionSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of a file: the Kubernetes objects in its documents and what their `spec` holds. */
export function symbols(documents: readonly Document[]): readonly DocumentSymbol[] {
  return documents.flatMap(({ chunk, start }) =>
    chunk.resources.map((resource) => inFile(resourceSymbol(resource, resourceSpan(chunk, resource)), start)),
  );
}

function inFile(symbol: DocumentSymbol, start: number): DocumentSymbol {
  return {
    ...symbol,
    span: shift(symbol.span, start),
    selectionSpan: shift(symbol.selectionSpan, start),
    children: symbol.children.map((child) => inFile(child, start)),
  };
}

function resourceSymbol(resource: Resource, span: Span): DocumentSymbol {
  const { key, name, place } = resource;
  // An alias brings in what is elsewhere in the text.
  const selected = [...(name.state === "present" ? [name.span] : []), place.at("kind").span];
  return {
    name: oneLine(`${key.kind} ${key.name}`),
    detail: oneLine(key.namespace ?? ""),
    kind: "resource",
    span,
    selectionSpan: selected.find((one) => holds(span, one)) ?? span,
    children: resource.kind === "other" ? [] : specSymbols(resource, span),
  };
}

function specSymbols(resource: Exclude<Resource, { kind: "other" }>, within: Span): readonly DocumentSymbol[] {
  return resource.place
    .at("spec")
    .entries()
    .filter(([, place]) => isWithin(place, within))
    .map(([key, place]) => {
      const symbol = fieldSymbol(key, place);
      return resource.kind === "StatefulSet" ? withIdentity(symbol, key, resource) : symbol;
    });
}

/** The fields of a StatefulSet that say more than their text. */
function withIdentity(symbol: DocumentSymbol, key: string, statefulSet: StatefulSet): DocumentSymbol {
  switch (key) {
    case "replicas": {
      const pods = podNames(statefulSet);
      return pods === undefined || pods.count === 0
        ? symbol
        : { ...symbol, detail: oneLine(`${symbol.detail}: ${describePods(pods)}`) };
    }
    case "template": {
      const podSpec = statefulSet.template.place.at("spec");
      const containers = [...podSpec.at("initContainers").items(), ...podSpec.at("containers").items()];
      return { ...symbol, children: itemSymbols(containers, "container", ["image"], symbol.span) };
    }
    case "volumeClaimTemplates": {
      const templates = statefulSet.spec.at(key).items();
      const storage = ["spec", "resources", "requests", "storage"];
      return { ...symbol, children: itemSymbols(templates, "claim", storage, symbol.span) };
    }
    default:
      return symbol;
  }
}

/** A field with the fields below it; of lists only `ports` has lines of its own. */
function fieldSymbol(key: string, place: Place): DocumentSymbol {
  const span = { start: place.keySpan.start, end: Math.max(place.keySpan.end, place.span.end) };
  const children =
    key === "ports"
      ? itemSymbols(place.items(), "port", ["port"], span)
      : place
          .entries()
          .filter(([, child]) => isWithin(child, span))
          .map(([name, child]) => fieldSymbol(name, child));
  return {
    name: oneLine(key) || '""',
    detail: detailOf(place),
    kind: place.kind === "map" || place.kind === "list" ? "section" : "field",
    span,
    selectionSpan: place.keySpan,
    children,
  };
}

/** Items of a list by their names; `detail` is the way to what is said beside the name. */
function itemSymbols(
  items: readonly Place[],
  kind: "container" | "port" | "claim",
  detail: readonly string[],
  within: Span,
): readonly DocumentSymbol[] {
  return items
    .filter((item) => isWithin(item, within))
    .map((item) => {
      const names = [item.at("name").string(), item.at("metadata", "name").string()];
      const name = names.find((field) => field.state === "present" && field.value !== "");
      return {
        name: (name?.state === "present" && oneLine(name.value)) || kind,
        detail: detailOf(item.at(...detail)),
        kind,
        span: item.span,
        selectionSpan: name !== undefined && holds(item.span, name.span) ? name.span : item.span,
        children: [],
      };
    });
}

function detailOf(place: Place): string {
  const value = place.kind === "scalar" || place.kind === "opaque" ? place.value() : undefined;
  return value === undefined || typeof value === "object" ? "" : oneLine(String(value));
}

/** Whether it is written here: what an alias or a merge key brings in is elsewhere in the text. */
function isWithin(place: Place, span: Span): boolean {
  return holds(span, place.keySpan) && place.span.end <= span.end;
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Long values are cut: an outline is narrow. */
function oneLine(text: string): string {
  const line = printable(text).trim();
  return line.length <= 100 ? line : `${line.slice(0, 100)}...`;
}
