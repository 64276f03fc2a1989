import type { Config } from "../config/config.js";
import type { Build, BuiltResource } from "../kustomize/builds.js";
import { originOf, type Origin } from "../kustomize/composed-place.js";
import type { ComposedResource } from "../kustomize/composed-resource.js";
import type { Scope, SummaryIndex, Surroundings, Unit } from "../workspace/scope.js";
import { sameSight, type Sight } from "../workspace/sight.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Edit } from "../yaml/edit.js";
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
): (document: DocumentId, builds: readonly Build[], circumstances: BuiltCircumstances) => readonly BuiltFinding[] {
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

  const check = (build: Build, built: BuiltResource, circumstances: BuiltCircumstances): readonly Placed[] => {
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
  readonly origin: Origin | undefined;
}

function isIn(origin: Origin | undefined, { uri, document }: DocumentId): boolean {
  return origin?.source.document.uri === uri && origin.source.document.document === document;
}

function withoutFixes(finding: Finding): Finding {
  return { ...finding, fixes: [] };
}

function placed(finding: Finding, built: BuiltResource, build: Build): Placed {
  const origin = originIn(built, finding.path);
  return {
    origin,
    finding: {
      ...finding,
      path: origin?.path ?? finding.path,
      ...(origin?.note === undefined ? {} : { note: origin.note }),
      related: finding.related.map((related) => relatedIn(build, related)),
      fixes: finding.fixes.flatMap((fix) => fixIn(fix, built, origin, build) ?? []),
    },
  };
}

/** Where a path of the built resource, counted from the root of its base's document, comes from. */
function originIn({ composed, resource }: BuiltResource, path: Path): Origin | undefined {
  return originOf(resource.place.at(...path.slice(composed.root.length)));
}

/** The built resource that another document is the base of, and that the path leads into. */
function baseOf(build: Build, document: DocumentId, path: Path): BuiltResource | undefined {
  return build
    .touchedBy(document)
    .find(
      ({ composed: { base, root } }) =>
        base?.uri === document.uri &&
        base.document === document.document &&
        root.every((step, index) => path[index] === step),
    );
}

function relatedIn(build: Build, related: Related): Related {
  const base = baseOf(build, related.document, related.path);
  const origin = base && originIn(base, related.path);
  return origin === undefined ? related : { ...related, document: origin.source.document, path: origin.path };
}

/**
 * The fix in terms of the texts; `undefined` where it would edit what a patch or a transformer has touched: the text is
 * not what was judged. A new document is only right beside one that is built as it stands.
 */
function fixIn(fix: Fix, built: BuiltResource, origin: Origin | undefined, build: Build): Fix | undefined {
  const edits: FixEdit[] = [];
  for (const edit of fix.edits) {
    if (edit.op === "text") return undefined;
    if (edit.op === "addDocument") {
      if (!build.plain || origin === undefined || !isIn(origin, built.composed.base ?? nowhere)) return undefined;
      edits.push(edit);
      continue;
    }
    const base = edit.document === undefined ? built : baseOf(build, edit.document, edit.path);
    const target = base && originIn(base, edit.path);
    if (target === undefined || !target.untouched || !mayEdit(target, edit.op)) return undefined;
    const document = target.source.document;
    edits.push({ ...edit, path: target.path, ...(isIn(origin, document) ? {} : { document }) });
  }
  return { ...fix, edits };
}

/** What is taken out of a patch would be what the base has. */
function mayEdit({ source: { holds } }: Origin, op: Edit["op"]): boolean {
  return holds === "resource" || (holds === "patch" && op !== "remove");
}

/** Each finding once, with the builds that have it where not all of them do, or where they name other values. */
function merged(
  found: readonly { readonly build: Build; readonly findings: readonly Placed[] }[],
): readonly BuiltFinding[] {
  const groups = new Map<string, { readonly findings: Placed["finding"][]; readonly builds: Set<Build> }>();
  for (const { build, findings } of found) {
    for (const { finding } of findings) {
      const key = JSON.stringify([finding.rule, finding.message.id, finding.span, finding.path, finding.failure?.part]);
      const group = groups.get(key) ?? { findings: [], builds: new Set() };
      group.findings.push(finding);
      group.builds.add(build);
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap(({ findings, builds }) => {
    const [first, ...others] = findings;
    if (first === undefined) return [];
    const isSame = others.every(({ message }) => JSON.stringify(message) === JSON.stringify(first.message));
    const isEverywhere = builds.size === found.length;
    return {
      ...first,
      fixes: sharedFixes(first, others).map((fix) => (isEverywhere ? fix : { ...fix, applicability: "review" })),
      builds: isEverywhere && isSame ? [] : [...builds].map(({ name }) => name),
    };
  });
}

/** The fixes that are right for all builds that have the finding. */
function sharedFixes({ fixes }: Finding, others: readonly Finding[]): readonly Fix[] {
  return fixes.filter((fix) => {
    const edits = JSON.stringify(fix.edits);
    return others.every((other) => other.fixes.some((one) => JSON.stringify(one.edits) === edits));
  });
}
