import type { Config } from "../config/config.js";
import type { ComposedBuild, ComposedObject } from "../builds/composed.js";
import { toldOnce } from "../builds/told-once.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import type { ComposedResource } from "../kustomize/composed-resource.js";
import type { Scope, Surroundings, Unit } from "../workspace/scope.js";
import { sameSight, type Sight } from "../workspace/sight.js";
import type { SummaryIndex, DocumentId } from "../workspace/summary.js";
import type { Point } from "../yaml/origin.js";
import type { Path } from "../yaml/path.js";
import type { Plain } from "../yaml/edit.js";
import { isList, isMapping } from "../yaml/plain.js";
import type { DocumentFinding, DocumentFix, Finding, Fix } from "./finding.js";
import { isSame, locate, type Around } from "./locate.js";
import type { Edit, Rule } from "./rule.js";
import { runRules } from "./run.js";
import { inCode } from "../text/code.js";

export interface BuiltCircumstances extends Omit<Surroundings, "unit" | "externalServices" | "cluster"> {
  readonly config: Config;
  /** How what is built came to be what it is, where it differs from the base. */
  readonly editOf: (built: Resource) => Edit | undefined;
}

/**
 * Makes the function that finds what is wrong in the builds of a document, as far as this document brings it: its own
 * fields as they are built, and what it patches elsewhere. What several builds have is reported once.
 */
export function createBuiltCheck(
  rules: readonly Rule[],
  scopes: (document: DocumentId, surroundings: Surroundings) => Scope,
  sights: (uri: string, index: SummaryIndex) => Sight,
): (
  document: DocumentId,
  builds: readonly ComposedBuild[],
  circumstances: BuiltCircumstances,
) => readonly DocumentFinding[] {
  const documentRules = rules.filter((rule) => rule.scope === "document");
  const workspaceRules = rules.filter((rule) => rule.scope === "workspace");
  const editRules = rules.filter((rule) => rule.scope === "edit");
  const alone = new WeakMap<ComposedResource, { readonly config: Config; readonly found: readonly Finding[] }>();
  const together = new WeakMap<
    ComposedResource,
    {
      readonly config: Config;
      readonly sight: Sight;
      readonly complete: boolean;
      readonly unit: Unit;
      readonly found: readonly Finding[];
    }
  >();

  const check = (build: ComposedBuild, built: ComposedObject, circumstances: BuiltCircumstances): readonly Placed[] => {
    const { composed, resource } = built;
    const { config, index, complete, isDraft } = circumstances;
    const { unit } = build;
    const seenFrom = composed.base ?? nowhere;
    const { externalServices } = config;
    const scope = () => scopes(seenFrom, { index, complete, unit, isDraft, externalServices, cluster: config });
    const sight = [...sights(seenFrom.uri, index), isDraft];
    let own = alone.get(composed);
    if (own?.config !== config) {
      own = { config, found: runRules(documentRules, resource, config, scope) };
      alone.set(composed, own);
    }
    let all = together.get(composed);
    if (all?.config !== config || !sameSight(all.sight, sight) || all.complete !== complete || all.unit !== unit) {
      all = { config, sight, complete, unit, found: runRules(workspaceRules, resource, config, scope) };
      together.set(composed, all);
    }
    const found = all.found.map((finding) => ({ ...finding, fixes: fixesAsWritten(finding, built, build) }));
    const edit = circumstances.editOf(resource);
    const ofEdit = edit === undefined ? [] : runRules(editRules, resource, config, scope, edit);
    // Equal builds may be of other texts, so places are never kept.
    return [...own.found, ...found, ...ofEdit].map((finding) => placed(finding, built, build));
  };

  return (document, builds, circumstances) => {
    const found = builds.map((build) => ({
      build,
      touched: build.touchedBy(document),
      findings: build
        .touchedBy(document)
        .flatMap((built) => check(build, built, circumstances))
        .filter((finding) => isSame(document, finding.document)),
    }));
    return merged(found.filter(({ touched }) => touched.length > 0));
  };
}

const nowhere: DocumentId = { uri: "", document: 0 };

/** A finding, and the document that it belongs to. */
interface Placed {
  readonly finding: DocumentFinding;
  readonly document: DocumentId | undefined;
}

/** The fixes with the names that the documents use for what a prefix or a suffix renames. */
function fixesAsWritten(
  { fixes, resource: { kind } }: Finding,
  { resource: { place } }: ComposedObject,
  { renamed }: ComposedBuild,
): readonly Fix[] {
  if (renamed === undefined) return [];
  // kustomize knows no names in a ScaledObject.
  if (kind === "ScaledObject") return fixes;
  const namespace = place.at("metadata", "namespace").origin;
  const isBrought = namespace.holds !== "resource" || !namespace.untouched;
  const written = (value: Plain): Plain => {
    if (typeof value === "string") return renamed.get(value) ?? value;
    if (isList(value)) return value.map(written);
    return isMapping(value)
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, written(one)]))
      : value;
  };
  return fixes.map((fix) => ({
    ...fix,
    title: fix.title.replace(/`([^`]*)`/g, (_, name: string) => inCode(renamed.get(name) ?? name)),
    edits: fix.edits.map((edit) => {
      if (edit.op === "addDocument") {
        const value = written(edit.value);
        return { ...edit, value: isBrought ? withoutNamespace(value) : value };
      }
      return "value" in edit ? { ...edit, value: written(edit.value) } : edit;
    }),
  }));
}

function withoutNamespace(value: Plain): Plain {
  if (!isMapping(value) || !isMapping(value["metadata"])) return value;
  const { namespace: _, ...metadata } = value["metadata"];
  return { ...value, metadata };
}

function placed(finding: Finding, { composed: { base } }: ComposedObject, build: ComposedBuild): Placed {
  const around: Around = {
    placeOf: (document, path) => placeIn(build, document, path),
    mayAdd: ({ document }) => document !== undefined && isSame(document, base ?? nowhere),
  };
  return { finding: locate(finding, around), document: finding.place.origin.document };
}

/** Where the path of a document that some resource is read from leads in what is built of it. */
function placeIn(build: ComposedBuild, document: DocumentId, path: Path): Point | undefined {
  const built = build
    .touchedBy(document)
    .find(
      ({ composed: { base, root } }) =>
        base !== undefined && isSame(base, document) && root.every((step, index) => path[index] === step),
    );
  return built?.resource.place.at(...path.slice(built.composed.root.length));
}

/** Each finding once, with the builds that have it where not all of them do, or where they name other values. */
function merged(
  found: readonly { readonly build: ComposedBuild; readonly findings: readonly Placed[] }[],
): readonly DocumentFinding[] {
  const all = found.flatMap(({ build, findings }) => findings.map(({ finding }) => ({ build: build.label, finding })));
  return toldOnce(all, identity).map(({ finding, others, builds }) => {
    const isSame = others.every(({ message }) => JSON.stringify(message) === JSON.stringify(finding.message));
    const isEverywhere = builds.length === found.length;
    return {
      ...finding,
      fixes: sharedFixes(finding, others).map((fix) => (isEverywhere ? fix : { ...fix, applicability: "review" })),
      builds: isEverywhere && isSame ? [] : builds,
    };
  });
}

function identity({ rule, message, span, path, failure }: DocumentFinding): string {
  return JSON.stringify([rule, message.id, span, path, failure?.part]);
}

/** The fixes that are right for all builds that have the finding. */
function sharedFixes({ fixes }: DocumentFinding, others: readonly DocumentFinding[]): readonly DocumentFix[] {
  return fixes.filter((fix) => {
    const edits = JSON.stringify(fix.edits);
    return others.every((other) => other.fixes.some((one) => JSON.stringify(one.edits) === edits));
  });
}
