import type { Span } from "../text/span.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { split } from "../yaml/split.js";
import { readFieldSpecs } from "./field-specs.js";
import type { Image } from "./image.js";
import { asKustomizeReads, readsAsJson } from "./reading.js";
import type {
  Configured,
  Entry,
  GeneratedObject,
  Kustomization,
  LabelSet,
  Pairs,
  Patch,
  ReplacementEntry,
  TextPart,
} from "./kustomization.js";
import { readReplacement } from "./replacements.js";
import { readSelector } from "./selector.js";
import { written, type Source, type Value } from "./value.js";

/**
 * Reads the fields of a kustomization, or of a text that configures one transformer, and remembers whether it could.
 */
export class FieldReader {
  readonly #source: Source;
  readonly #document: ParsedDocument;
  understood = true;

  constructor(source: Source, document: ParsedDocument) {
    this.#source = source;
    this.#document = document;
  }

  fail(): void {
    this.understood = false;
  }

  get #root(): Place {
    return this.#document.root;
  }

  #items(place: Place): readonly Place[] {
    if (place.kind !== "list" && place.kind !== "absent" && place.kind !== "null") this.fail();
    return place.items();
  }

  #text(place: Place): string | undefined {
    const text = place.string();
    if (text.state === "present") return text.value;
    if (text.state !== "absent") this.fail();
    return undefined;
  }

  /** The same for what only looks like another tool's placeholder: a patch with `$patch`, a variable `SET_NAME`. */
  #literal(place: Place): string | undefined {
    const text = place.value();
    if (typeof text === "string") return text;
    if (place.exists && place.kind !== "null") this.fail();
    return undefined;
  }

  /** The items of a list of the kustomization; none of anything else. */
  all(key: string): readonly Place[] {
    return this.#items(this.#root.at(key));
  }

  strings(key: string): readonly string[] {
    return this.all(key).flatMap((item) => {
      const text = this.#text(item);
      if (text === undefined) this.fail();
      return text ?? [];
    });
  }

  paths(key: string): readonly Entry[] {
    return this.all(key).flatMap((place) => {
      const path = this.#text(place);
      if (path === undefined) this.fail();
      return path === undefined ? [] : [{ path, spot: { place, source: this.#source } }];
    });
  }

  replacement(place: Place): ReplacementEntry {
    const path = place.at("path").string();
    return path.state === "present" ? { path: path.value } : readReplacement(place, this.#source);
  }

  scalar(place: Place): Value | undefined {
    const text = this.#text(place);
    return text === undefined || text === "" ? undefined : written(place, this.#source);
  }

  pairs(place: Place): Pairs {
    if (place.kind !== "map" && place.kind !== "absent" && place.kind !== "null") this.fail();
    return place.entries().map(([key, value]) => {
      if (value.string().state !== "present") this.fail();
      return [key, written(value, this.#source)];
    });
  }

  labelSet(place: Place): LabelSet {
    return {
      pairs: this.pairs(place.at("pairs")),
      selectors: this.#flag(place.at("includeSelectors")),
      templates: this.#flag(place.at("includeTemplates")),
      claimTemplates: this.#flag(place.at("includeVolumeClaimTemplates")),
      fields: readFieldSpecs(place.at("fields")),
    };
  }

  #flag(place: Place): boolean {
    const flag = place.boolean();
    if (flag.state === "opaque" || flag.state === "invalid") this.fail();
    return flag.state === "present" && flag.value;
  }

  configured(key: string): readonly Configured[] {
    return this.all(key).flatMap((place): readonly Configured[] => {
      const text = this.#literal(place);
      if (text === undefined) return [];
      return [isInline(text) ? { parts: this.#inline(place, text) } : { path: text.trim() }];
    });
  }

  generated(place: Place, kind: GeneratedObject["kind"], hashed: boolean | undefined): readonly GeneratedObject[] {
    const metadata = place.at("metadata");
    const name = this.#literal(place.at("name")) ?? this.#literal(metadata.at("name"));
    if (name === undefined) {
      this.fail();
      return [];
    }
    const behavior = this.#text(place.at("behavior")) ?? "create";
    return [
      {
        kind,
        name,
        namespace: this.#text(place.at("namespace")) ?? this.#text(metadata.at("namespace")),
        isNew: behavior === "create" || behavior === "unspecified",
        hashed: hashOption(place.at("options")) ?? hashed ?? true,
        value: written(place, this.#source),
      },
    ];
  }

  strategicPatch(place: Place): readonly Patch[] {
    const text = this.#literal(place);
    if (text === undefined) {
      this.fail();
      return [];
    }
    const inline = isInline(text)
      ? { parts: this.#inline(place, text) }
      : { path: text.trim(), spot: { place, source: this.#source } };
    return [{ text: inline, target: "none", mayRename: false, mayChangeKind: false }];
  }

  /** One of `patches` or `patchesJson6902`; `key` is that of the text, where it is in the kustomization. */
  patch(item: Place, key = "patch"): readonly Patch[] {
    // Before kustomize 1.0.9 the list held paths.
    const legacy = item.string();
    if (legacy.state === "present") {
      this.fail();
      return [
        {
          text: { path: legacy.value, spot: { place: item, source: this.#source } },
          target: "none",
          mayRename: false,
          mayChangeKind: false,
        },
      ];
    }
    const place = item.at(key);
    const inline = this.#literal(place) ?? "";
    const path = this.#text(item.at("path"));
    if ((inline.trim() === "") === (path === undefined)) {
      this.fail();
      return [{ text: { parts: [] }, target: "unknown", mayRename: false, mayChangeKind: false }];
    }
    const target = item.at("target");
    const selector = target.kind === "map" ? readSelector(target) : undefined;
    if (target.exists && target.kind !== "null" && selector === undefined) this.fail();
    return [
      {
        text:
          path === undefined
            ? { parts: this.#inline(place, inline) }
            : { path, spot: { place: item.at("path"), source: this.#source } },
        target: selector ?? (target.kind === "absent" || target.kind === "null" ? "none" : "unknown"),
        mayRename: this.#flag(item.at("options", "allowNameChange")),
        mayChangeKind: this.#flag(item.at("options", "allowKindChange")),
      },
    ];
  }

  #inline(place: Place, text: string): readonly TextPart[] {
    const { inline } = this.#source;
    const toOuter = innerSpans(this.#document.text, place.span, text);
    return textParts(text).map(({ document, start }) => {
      if (document.problems.some(({ fatal }) => fatal)) this.fail();
      const inThis = ({ start: from, end }: Span) => toOuter({ start: from + start, end: end + start });
      const source: Source = {
        ...this.#source,
        text: readsAsJson(document) ? undefined : document.text,
        inline: { path: inline?.path ?? place.path, span: (span) => inline?.span(inThis(span)) ?? inThis(span) },
      };
      return { document, value: written(document.root, source) };
    });
  }

  replica(item: Place): Kustomization["replicas"] {
    const name = this.#text(item.at("name"));
    const count = item.at("count");
    if (name === undefined || count.integer().state !== "present") this.fail();
    const spot = { place: item.at("name"), source: this.#source };
    return name === undefined ? [] : [{ name, count: written(count, this.#source), spot }];
  }

  image(item: Place): readonly Image[] {
    const name = this.#literal(item.at("name"));
    if (name === undefined) {
      this.fail();
      return [];
    }
    const text = (key: string) => this.#literal(item.at(key)) ?? "";
    return [
      {
        name,
        newName: text("newName"),
        newTag: text("newTag"),
        tagSuffix: text("tagSuffix"),
        digest: text("digest"),
      },
    ];
  }

  vars(): readonly string[] {
    return this.all("vars").flatMap((item) => this.#literal(item.at("name")) ?? []);
  }
}

/** `undefined` where it says nothing. */
export function hashOption(options: Place): boolean | undefined {
  const disabled = options.at("disableNameSuffixHash").boolean();
  return disabled.state === "present" ? !disabled.value : undefined;
}

/** Where a path may stand, a text of several lines, or with a `key:` in it, is the thing itself. */
function isInline(text: string): boolean {
  return /\n|:\s/.test(text.trim());
}

/** The documents of a text that a kustomization holds, and where each begins in it. */
function textParts(text: string): readonly { readonly document: ParsedDocument; readonly start: number }[] {
  return split(text).map((chunk) => ({ document: asKustomizeReads(parse(chunk.text)), start: chunk.start }));
}

/**
 * How spans within a text that stands in a block of literal lines (`|`) become spans of the outer text. Those of other
 * forms become the span of the whole.
 */
function innerSpans(outer: string, whole: Span, inner: string): (span: Span) => Span {
  const lines = outer.slice(whole.start, whole.end).split("\n");
  const innerLines = inner.split("\n");
  const indentation = /^ */.exec(lines[1] ?? "")?.[0].length ?? 0;
  const isLiteral =
    /^\|[+-]?[ \t]*(?:#.*)?\r?$/.test(lines[0] ?? "") &&
    innerLines.every((line, index) => {
      const text = lines[index + 1]?.replace(/\r$/, "");
      return text === undefined ? line === "" : text.slice(indentation) === line;
    });
  if (!isLiteral) return () => whole;
  const outerStarts: number[] = [];
  let outerStart = whole.start;
  for (const line of lines) {
    outerStarts.push(outerStart);
    outerStart += line.length + 1;
  }
  const offset = (at: number) => {
    const before = inner.slice(0, at).split("\n");
    const start = outerStarts[before.length];
    return start === undefined ? whole.end : Math.min(start + indentation + (before.at(-1)?.length ?? 0), whole.end);
  };
  return ({ start, end }) => ({ start: offset(start), end: offset(end) });
}
