import assert from "node:assert/strict";
import { definitions, highlights, references } from "../../server/src/engine/features/navigation/navigation.js";
import type { Analysis, Config } from "../../server/src/engine/api.js";
import { analyse, filesOf, root } from "./workspace.js";

/** A name that a fixture marks: `<svc!db>` defines what `<svc:db>` refers to. */
export interface MarkedName {
  readonly group: string;
  readonly isDefinition: boolean;
  readonly text: string;
  readonly uri: string;
  readonly start: number;
}

const mark = /<([a-z0-9-]+)([!:])([^<>\n]*)>/g;

/** The files of a fixture without their marks, and what was marked. */
export function markedNames(fixture: string): { readonly text: string; readonly names: readonly MarkedName[] } {
  const names = [...filesOf(fixture)].flatMap(([name, marked]) => {
    let removed = 0;
    return [...marked.matchAll(mark)].map(({ 0: whole, 1: group = "", 2: sign, 3: text = "", index }): MarkedName => {
      const start = index - removed;
      removed += whole.length - text.length;
      return { group, isDefinition: sign === "!", text, uri: root + name, start };
    });
  });
  return { text: fixture.replace(mark, "$3"), names };
}

/**
 * From every marked name its definitions are found and, from everywhere, all names of its group. The group `none` is of
 * names that no file defines.
 */
export function checkNames(fixture: string, config?: Config): Analysis {
  const { text, names } = markedNames(fixture);
  const analysis = analyse(text, config);
  for (const { group, uri, start, text: name } of names) {
    const mine = names.filter((one) => one.group === group);
    for (const offset of [start, start + name.length]) {
      const at = analysis.documentAt(uri, offset);
      assert.ok(at, uri);
      const told = `${group}: ${name} in ${uri} at ${offset}`;
      const defined = definitions(analysis, at).map(({ uri: file, span }) => sentence(analysis, file, span.start));
      const isNowhere = group === "none";
      assert.deepEqual(
        defined.toSorted(),
        isNowhere
          ? []
          : placesOf(
              analysis,
              mine.filter((one) => one.isDefinition),
            ),
        told,
      );
      if (isNowhere) continue;
      const used = references(analysis, at, { includeDeclaration: true });
      assert.deepEqual(
        used.map(({ uri: file, span }) => sentence(analysis, file, span.start)).toSorted(),
        placesOf(analysis, mine),
        told,
      );
      assert.ok(
        used.every(({ uri: file, span }) => isMarked(mine, file, span)),
        `${told}: where it ends`,
      );
      assert.deepEqual(
        highlights(analysis, at),
        mine
          .filter((one) => one.uri === uri)
          .map((one) => ({
            span: { start: one.start, end: one.start + one.text.length },
            role: one.isDefinition ? "definition" : "reference",
          })),
        told,
      );
    }
  }
  return analysis;
}

function isMarked(names: readonly MarkedName[], uri: string, span: { readonly start: number; readonly end: number }) {
  return names.some((one) => one.uri === uri && one.start === span.start && one.start + one.text.length === span.end);
}

function placesOf(analysis: Analysis, names: readonly MarkedName[]): readonly string[] {
  return names.map(({ uri, start }) => sentence(analysis, uri, start)).toSorted();
}

/** `db.yaml:3:9 name: db` */
function sentence(analysis: Analysis, uri: string, offset: number): string {
  const { line, character } = analysis.lines(uri)!.position(offset);
  return `${uri.slice(root.length)}:${line + 1}:${character + 1} ${analysis.text(uri)!.split("\n")[line]?.trim()}`;
}
