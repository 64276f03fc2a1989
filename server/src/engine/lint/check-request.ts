import type { Config } from "../config/config.js";
import { readResourceAs, type Resource } from "../kubernetes/resources/resource.js";
import { valueOr } from "../yaml/field.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Path } from "../yaml/path.js";
import { split } from "../yaml/split.js";
import { duplicateKeyFindings, fatalFindings } from "./check-document.js";
import type { Rule } from "./rule.js";
import { runRulesOn } from "./run.js";
import type { Severity } from "../config/severity.js";

/** Where a manifest was sent: what the address of the request says. */
export interface RequestTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
}

/** What is found in a request: a finding of a rule, or what only the request as such is refused for. */
export interface RequestFinding {
  /** A rule's id, or `request` where the manifest is fine and was sent to the wrong place. */
  readonly rule: string;
  readonly severity: Severity;
  readonly path: Path;
}

/**
 * What Ordinal says of a manifest as the API server gets it: the first document alone, whole, its apiVersion and kind
 * taken from the address where it has none.
 */
export function checkRequest(
  text: string,
  target: RequestTarget,
  rules: readonly Rule[],
  config: Config,
): readonly RequestFinding[] {
  const document = firstDocument(text);
  const broken = fatalFindings(document, config);
  if (broken.length > 0) return broken;
  const resource = readResourceAs(document.root, target.apiVersion, target.kind);
  const documentRules = rules.filter(({ scope }) => scope === "document");
  return [
    ...duplicateKeyFindings(document, config, "kubectl"),
    ...runRulesOn(documentRules, resource, "whole", config, () => {
      throw new Error("a rule about a document alone asked for its surroundings");
    }).map((finding) => ({ ...finding, path: finding.place.path })),
    ...mismatches(resource, target),
  ];
}

/** The object that a request brings, whatever its text says of its kind. */
export function readRequest(text: string, target: RequestTarget): Resource {
  return readResourceAs(firstDocument(text).root, target.apiVersion, target.kind);
}

function firstDocument(text: string): ParsedDocument {
  return parse(split(text)[0]?.text ?? "");
}

/** What the body says of itself must be what the address says; "" and nothing are filled in. */
function mismatches({ place }: Resource, target: RequestTarget): readonly RequestFinding[] {
  const checks: readonly (readonly [Path, string])[] = [
    [["apiVersion"], target.apiVersion],
    [["kind"], target.kind],
    [["metadata", "namespace"], target.namespace],
  ];
  return checks.flatMap(([path, expected]) => {
    const field = place.at(...path).string();
    const said = valueOr(field, "");
    if (field.state !== "invalid" && (said === undefined || said === "" || said === expected)) return [];
    return [{ rule: "request", severity: "error" as const, path }];
  });
}
