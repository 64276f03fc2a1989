import type { Config } from "../config/config.js";
import type { ComposedBuild, ComposedObject } from "../builds/composed.js";
import { toldOnce } from "../builds/told-once.js";
import type { ComposedResource } from "../kustomize/composed-resource.js";
import type { Scope, SummaryIndex, Surroundings, Unit } from "../workspace/scope.js";
import { sameSight, type Sight } from "../workspace/sight.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Edit } from "../yaml/edit.js";
import type { Origin } from "../yaml/origin.js";
import type { Path } from "../yaml/path.js";
import type { Finding, Fix, FixEdit, Related } from "./finding.js";
import type { Rule } from "./rule.js";
import { runRules } from "./run.js";

/** A finding about what a kustomization builds, at the text that brings it. */
export interface BuiltFinding extends Finding {
  /** The directories of the kustomizations that have it, where others that read the same document have not. */
  readonly builds: readonly string[];
  /** What a reader has to know to see why the value is there. */
  readonly note?: string;
}

export interface BuiltCircumstances extends Omit<Surroundings, "unit" | "externalServices" | "cluster"> {
  readonly config: Config;
}

/**
 * Makes the function that finds what is wrong in the builds of a document, as far as this document brings it: its own
 * fields as they are built, and what it patches elsewhere. What several builds have is told once.
 */
export function createBuiltCheck(
  rules: readonly Rule[],
  scopes: (document: DocumentId, surroundings: Surroundings) => Scope,
  sights: (uri: string, index: SummaryIndex) => Sight,
): (
  document: DocumentId,
  builds: readonly ComposedBuild[],
  circumstances: BuiltCircumstances,
) => readonly BuiltFinding[] {
  const documentRules = rules.filter((rule) => rule.scope === "document");
  const workspaceRules = rules.filter((rule) => rule.scope === "workspace");
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
    const found = build.plain ? all.found : all.found.map(withoutFixes);
    // Equal builds may be of other texts, so places are never kept.
    return [...own.found, ...found].map((finding) => placed(finding, built, build));
  };

  return (document, builds, circumstances) => {
    const found = builds.map((build) => ({
      build,
      touched: build.touchedBy(document),
      findings: build
        .touchedBy(document)
        .flatMap((built) => check(build, built, circumstances))
        .filter(({ origin }) => isIn(origin, document)),
    }));
    return merged(found.filter(({ touched }) => touched.length > 0));
  };
}

const nowhere: DocumentId = { uri: "", document: 0 };

/** A finding, and the text that it belongs to. */
interface Placed {
  readonly finding: Finding & Pick<BuiltFinding, "note">;
  readonly origin: Origin;
}

function isIn(origin: Origin, { uri, document }: DocumentId): boolean {
  return origin.document?.uri === uri && origin.document.document === document;
}

function withoutFixes(finding: Finding): Finding {
  return { ...finding, fixes: [] };
}

function placed(finding: Finding, built: ComposedObject, build: ComposedBuild): Placed {
  const origin = originIn(built, finding.path);
  return {
    origin,
    finding: {
      ...finding,
      path: origin.path,
      ...(origin.note === undefined ? {} : { note: origin.note }),
      related: finding.related.map((related) => relatedIn(build, related)),
      fixes: finding.fixes.flatMap((fix) => fixIn(fix, built, origin, build) ?? []),
    },
  };
}

/** Where a path of the built resource, counted from the root of its base's document, comes from. */
function originIn({ composed, resource }: ComposedObject, path: Path): Origin {
  return resource.place.at(...path.slice(composed.root.length)).origin;
}

/** The built resource that another document is the base of, and that the path leads into. */
function baseOf(build: ComposedBuild, document: DocumentId, path: Path): ComposedObject | undefined {
  return build
    .touchedBy(document)
    .find(
      ({ composed: { base, root } }) =>
        base?.uri === document.uri &&
        base.document === document.document &&
        root.every((step, index) => path[index] === step),
    );
}

function relatedIn(build: ComposedBuild, related: Related): Related {
  const base = baseOf(build, related.document, related.path);
  const origin = base && originIn(base, related.path);
  return origin?.document === undefined ? related : { ...related, document: origin.document, path: origin.path };
}

/**
 * The fix in terms of the texts; `undefined` where it would edit what a patch or a transformer has touched: the text is
 * not what was judged. A new document is only right beside one that is built as it stands.
 */
function fixIn(fix: Fix, built: ComposedObject, origin: Origin, build: ComposedBuild): Fix | undefined {
  const edits: FixEdit[] = [];
  for (const edit of fix.edits) {
    if (edit.op === "text") return undefined;
    if (edit.op === "addDocument") {
      if (!build.plain || !isIn(origin, built.composed.base ?? nowhere)) return undefined;
      edits.push(edit);
      continue;
    }
    const base = edit.document === undefined ? built : baseOf(build, edit.document, edit.path);
    const target = base && originIn(base, edit.path);
    if (target?.document === undefined || !target.untouched || !mayEdit(target, edit.op)) return undefined;
    const { document } = target;
    edits.push({ ...edit, path: target.path, ...(isIn(origin, document) ? {} : { document }) });
  }
  return { ...fix, edits };
}

/** What is taken out of a patch would be what the base has. */
function mayEdit({ holds }: Origin, op: Edit["op"]): boolean {
  return holds === "resource" || (holds === "patch" && op !== "remove");
}

/** Each finding once, with the builds that have it where not all of them do, or where they name other values. */
function merged(
  found: readonly { readonly build: ComposedBuild; readonly findings: readonly Placed[] }[],
): readonly BuiltFinding[] {
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

function identity({ rule, message, span, path, failure }: Placed["finding"]): string {
  return JSON.stringify([rule, message.id, span, path, failure?.part]);
}

/** The fixes that are right for all builds that have the finding. */
function sharedFixes({ fixes }: Finding, others: readonly Finding[]): readonly Fix[] {
  return fixes.filter((fix) => {
    const edits = JSON.stringify(fix.edits);
    return others.every((other) => other.fixes.some((one) => JSON.stringify(one.edits) === edits));
  });
}
