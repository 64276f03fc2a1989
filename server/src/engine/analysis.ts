import { isConfigFile } from "./config/config-file.js";
import type { Config } from "./config/config.js";
import { completions, configCompletions, type Cause } from "./features/completion.js";
import type { Completions } from "./features/completion/item.js";
import { configHover } from "./features/config-page.js";
import { hover, type BuiltView, type DefaultsView, type Hover } from "./features/hover.js";
import { previewLens, type PreviewLens } from "./features/lenses.js";
import { symbols, type DocumentSymbol } from "./features/symbols.js";
import { writeFields, type WrittenFields } from "./features/write-fields.js";
import { createFileFindings, type FileFindings } from "./file-findings.js";
import { mayBeTemplate } from "./helm/chart.js";
import { readByDefaults } from "./helm/template.js";
import type { StatefulSet } from "./kubernetes/kinds/statefulset.js";
import { createBuilds } from "./kustomize/builds.js";
import { originOf } from "./kustomize/composed-place.js";
import type { FieldEdit } from "./rollout/field-edit.js";
import { readWrittenSpec } from "./rollout/read.js";
import type { Rule } from "./lint/rule.js";
import { withCoreRules } from "./rules/all.js";
import type { LineIndex } from "./text/lines.js";
import { shift, type Span } from "./text/span.js";
import { createChartDefaults } from "./workspace/chart-defaults.js";
import { chartDirectory } from "./workspace/chart-scope.js";
import { createConfigs } from "./workspace/config-layers.js";
import { fileAt, fileName, filesBelow, segments } from "./workspace/directory.js";
import { documentsIn, isTemplate } from "./workspace/documents-in.js";
import { memoizeByName } from "./workspace/memo.js";
import { createScopes, type Unit } from "./workspace/scope.js";
import { resourceSpan, type SourceDocument } from "./workspace/source-file.js";
import type { DocumentId } from "./workspace/summary.js";
import { isComplete, type Snapshot } from "./workspace/workspace.js";
import { pathAt } from "./yaml/locate.js";
import { formatPath } from "./yaml/path.js";

/**
 * Everything that can be asked of the workspace as it was when this was made. Spans are in UTF-16 offsets of the file.
 */
export interface Analysis extends FileFindings {
  /** The configuration of a file: of the settings, as the configuration files in and above its directory change it. */
  configOf(uri: string): Config;
  /** All files that are known, in no particular order. */
  uris(): Iterable<string>;
  /** How a file's offsets become lines; `undefined` for a file that is not known. */
  lines(uri: string): LineIndex | undefined;
  hover(uri: string, offset: number): Hover | undefined;
  /** What may be written at an offset; `undefined` where there is nothing to offer. */
  completions(uri: string, offset: number, cause: Cause): Completions | undefined;
  symbols(uri: string): readonly DocumentSymbol[];
  lenses(uri: string): readonly PreviewLens[];
  /** The StatefulSets of a file, in its order. */
  statefulSets(uri: string): readonly PlacedStatefulSet[];
  /** The StatefulSet of `statefulSets` and its field whose key or value holds an offset, as `spec.replicas`. */
  fieldAt(uri: string, offset: number): { readonly index: number; readonly field: string } | undefined;
  /** How to give fields of one of the file's `statefulSets` other values; `undefined` if there is no such set. */
  writeFields(uri: string, index: number, edits: readonly FieldEdit[]): WrittenFields | undefined;
  /** How many documents and StatefulSets a file holds; empty documents do not count. */
  count(uri: string): { readonly documents: number; readonly statefulSets: number };
}

export interface PlacedStatefulSet {
  readonly statefulSet: StatefulSet;
  /** As kustomizations build it, where all that read it build the same; `undefined` for one that stands for itself. */
  readonly built: BuiltStatefulSet | undefined;
  /** Its whole YAML document, or its item in a list of objects, in the file. */
  readonly span: Span;
  /** Why its document cannot be read, so that what is known of it is a guess; `undefined` where it can. */
  readonly syntaxError: string | undefined;
}

export interface BuiltStatefulSet {
  readonly statefulSet: StatefulSet;
  /** What a reader calls the kustomizations. */
  readonly builds: readonly string[];
}

/** Makes analyses that share what they compute about equal parts. One for each workspace. */
export function createAnalyses(rules: readonly Rule[]): (snapshot: Snapshot) => Analysis {
  const allRules = withCoreRules(rules);
  const scopes = createScopes();
  const defaultsOf = createChartDefaults();
  const configs = createConfigs(allRules);
  const buildsOf = createBuilds((way, { files, layers }) => {
    const { newerRelease, kubernetesVersion } = configs.of(way, files, layers);
    return newerRelease ?? kubernetesVersion;
  });
  const findingsOf = createFileFindings({ rules, scopes, buildsOf, configs });
  return (snapshot) => {
    const { files, index, layers } = snapshot;
    const complete = isComplete(snapshot);
    const fileOf = (uri: string) => fileAt(files, segments(uri));
    const documentsOf = memoizeByName((uri) => documentsIn(snapshot, uri));

    const scopeOf = (document: DocumentId, unit?: Unit) =>
      scopes(document, {
        index,
        complete,
        unit,
        isDraft: buildsOf(snapshot).isDraft,
        externalServices: configOf(document.uri).externalServices,
        cluster: configOf(document.uri),
      });

    /** The resources that have something from a document, in each build that reads it. */
    const builtViews = (id: DocumentId): readonly BuiltView[] =>
      buildsOf(snapshot)
        .of(id.uri)
        .flatMap((build) =>
          build.touchedBy(id).map(({ composed: { base, root }, resource }) => ({
            build: build.name,
            resource,
            base: base?.uri === id.uri && base.document === id.document ? { root } : undefined,
            scope: scopeOf(base ?? id, build.unit),
          })),
        );

    const setsOf = (uri: string) =>
      documentsOf(uri).flatMap((document, number) =>
        statefulSetsOf(document).map((statefulSet) => ({ statefulSet, document, number })),
      );

    const defaultsIn = ({ uri, document }: DocumentId): DefaultsView | undefined => {
      const template = documentsOf(uri)[document]?.chunk.template;
      const chart = template && chartDirectory(segments(uri), files);
      if (template === undefined || chart === undefined) return undefined;
      const { context, file, placeOf } = defaultsOf(chart);
      return {
        resources: readByDefaults(template.text, context),
        linkTo(path) {
          const place = placeOf(path);
          if (file === undefined || place === undefined) return undefined;
          return {
            file: fileName(file.uri),
            target: `${file.uri}#L${file.lines.position(place.keySpan.start).line + 1}`,
          };
        },
      };
    };

    /** The set as each build that reads it has it. */
    const setsBuiltOf = (id: DocumentId, { place }: StatefulSet): readonly BuiltStatefulSet[] =>
      builtViews(id).flatMap(({ build, resource, base }) => {
        const isSame = base === undefined || formatPath(base.root) === formatPath(place.path);
        return resource.kind === "StatefulSet" && isSame ? [{ builds: [build], statefulSet: resource }] : [];
      });

    const builtSet = (id: DocumentId, statefulSet: StatefulSet): BuiltStatefulSet | undefined => {
      const byDefaults = defaultsIn(id)?.resources.find((resource) => resource.kind === "StatefulSet");
      if (byDefaults !== undefined) return { builds: ["the chart's default values"], statefulSet: byDefaults };
      const sets = setsBuiltOf(id, statefulSet);
      const plays = new Set(sets.map((set) => JSON.stringify(readWrittenSpec(set.statefulSet))));
      const [first] = sets;
      return first === undefined || plays.size > 1
        ? undefined
        : { statefulSet: first.statefulSet, builds: sets.flatMap(({ builds }) => builds) };
    };

    const placedStatefulSets = (uri: string): readonly PlacedStatefulSet[] =>
      setsOf(uri).map(({ statefulSet, document, number }) => ({
        statefulSet,
        built: builtSet({ uri, document: number }, statefulSet),
        span: shift(resourceSpan(document.chunk, statefulSet), document.start),
        syntaxError: syntaxErrorOf(document),
      }));

    const configOf = (uri: string) => configs.of(segments(uri), files, layers);

    return {
      ...findingsOf(snapshot),
      configOf,
      *uris() {
        for (const { uri } of filesBelow(files)) yield uri;
      },
      lines: (uri) => fileOf(uri)?.lines,
      hover(uri, offset) {
        const number = documentsOf(uri).findLastIndex(({ start }) => start <= offset);
        const document = documentsOf(uri)[number];
        if (document === undefined) return undefined;
        if (isConfigFile(uri)) {
          if (configOf(uri).schemaValidation === "off") return undefined;
          const hit = configHover(document.chunk.text, offset - document.start, allRules);
          return hit && { ...hit, span: shift(hit.span, document.start) };
        }
        const scope = scopeOf({ uri, document: number });
        const built = builtViews({ uri, document: number });
        const defaults = defaultsIn({ uri, document: number });
        const hit = hover(document.chunk, offset - document.start, { config: configOf(uri), scope, built, defaults });
        return hit && { ...hit, span: shift(hit.span, document.start) };
      },
      completions(uri, offset, cause) {
        const number = documentsOf(uri).findLastIndex(({ start }) => start <= offset);
        const document = documentsOf(uri)[number];
        if (document === undefined) return undefined;
        const { chunk, start } = document;
        const config = configOf(uri);
        const found = isConfigFile(uri)
          ? configCompletions(chunk.text, offset - start, { cause, config, rules: allRules })
          : completions(chunk.text, offset - start, {
              cause,
              source: mayBeTemplate(uri) ? "chart template" : "manifest",
              scope: scopeOf({ uri, document: number }),
              config,
            });
        return found === undefined || found.items.length === 0
          ? undefined
          : { ...found, word: shift(found.word, start) };
      },
      symbols: (uri) => documentsOf(uri).flatMap(({ chunk, start }) => symbols(chunk, start)),
      lenses(uri) {
        const placed = placedStatefulSets(uri);
        return setsOf(uri).flatMap(({ statefulSet, document, number }, index) => {
          const built = placed[index]?.built;
          const differing = built === undefined ? setsBuiltOf({ uri, document: number }, statefulSet) : [built];
          const applied = differing.length === 0 ? [{ statefulSet, builds: [] }] : differing;
          const lens = previewLens(statefulSet, applied, index);
          const by = isTemplate(document) && built !== undefined ? " by default" : "";
          return lens === undefined
            ? []
            : [{ ...lens, title: lens.title + by, span: shift(lens.span, document.start) }];
        });
      },
      statefulSets: placedStatefulSets,
      fieldAt(uri, offset) {
        const sets = setsOf(uri);
        const document = documentsOf(uri).findLast(({ start }) => start <= offset);
        if (document === undefined) return undefined;
        const { path, on } = pathAt(document.chunk.document, offset - document.start);
        const index = sets.findIndex(
          (set) => set.document === document && set.statefulSet.place.path.every((step, place) => path[place] === step),
        );
        const own = path.slice(sets[index]?.statefulSet.place.path.length);
        return on === "gap" || index < 0 || own.length === 0 ? undefined : { index, field: formatPath(own) };
      },
      writeFields(uri, index, edits) {
        const set = setsOf(uri)[index];
        if (set === undefined) return undefined;
        const { chunk, start } = set.document;
        const built = placedStatefulSets(uri)[index]?.built;
        const elsewhere = built && edits.find(({ field }) => !isWrittenIn(uri, built.statefulSet, field));
        if (built !== undefined && elsewhere !== undefined) {
          const reason = `${elsewhere.field} is set by ${built.builds.join(", ")}`;
          return { type: "refused", reason };
        }
        const written = writeFields(chunk, set.statefulSet, edits);
        if (written.type === "refused") return written;
        return { ...written, edits: written.edits.map((edit) => ({ ...edit, span: shift(edit.span, start) })) };
      },
      count: (uri) => ({
        documents: documentsOf(uri).filter(({ chunk, readBy }) => readBy !== "neither" && holdsContent(chunk.text))
          .length,
        statefulSets: documentsOf(uri).flatMap(statefulSetsOf).length,
      }),
    };
  };
}

/** Whether a field of a built set is what stands in the file, or what is missing there. */
function isWrittenIn(uri: string, { place }: StatefulSet, field: string): boolean {
  const origin = originOf(place.at(...field.split(".")));
  return origin === undefined || (origin.untouched && origin.source.document.uri === uri);
}

function statefulSetsOf({ chunk }: SourceDocument): readonly StatefulSet[] {
  return chunk.resources.filter((resource) => resource.kind === "StatefulSet");
}

/** Whatever the rules about it are set to. Of a template, nobody reads the text as it stands. */
function syntaxErrorOf({ chunk: { document, template } }: SourceDocument): string | undefined {
  return template === undefined ? document.problems.find(({ fatal }) => fatal)?.message : undefined;
}

/** Whether a line of the text is neither blank, nor a comment, nor a marker. */
function holdsContent(text: string): boolean {
  return text.split(/[\r\n]/).some((line) => !/^(?:---|\.\.\.|\s*#.*|)$/.test(line.trimEnd()));
}
