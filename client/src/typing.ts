import { IndentAction, languages, type Disposable } from "vscode";

/**
 * Where Enter leaves the cursor in YAML: behind `- name: data` in the column of `name`, as the item goes on there. VS
 * Code knows only that a colon at the end of a line opens a map.
 */
export function alignItems(): Disposable {
  return languages.setLanguageConfiguration("yaml", {
    onEnterRules: [
      ...rules.map(({ beforeText, column }) => ({
        beforeText,
        action: { indentAction: IndentAction.None, appendText: " ".repeat(column) },
      })),
      // A key without a value: these rules take the place of VS Code's own.
      { beforeText: /^\s*[\w./-]+:\s*$/, action: { indentAction: IndentAction.Indent } },
    ],
  });
}

/**
 * By the spaces behind the dash: `- metadata:` opens a map, and `- name: data` goes on below its key, unless its value
 * is a text of several lines or a bracket that stays open.
 */
const rules: readonly { readonly beforeText: RegExp; readonly column: number }[] = [
  { beforeText: /^\s*- [\w./-]+:$/, column: 4 },
  { beforeText: /^\s*- {2}[\w./-]+:$/, column: 5 },
  { beforeText: /^\s*- {3}[\w./-]+:$/, column: 6 },
  { beforeText: /^\s*- [\w./-]+: +[^\s|>{[&*#].*$/, column: 2 },
  { beforeText: /^\s*- {2}[\w./-]+: +[^\s|>{[&*#].*$/, column: 3 },
  { beforeText: /^\s*- {3}[\w./-]+: +[^\s|>{[&*#].*$/, column: 4 },
];
