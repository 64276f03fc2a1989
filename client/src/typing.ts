import { IndentAction, languages, type Disposable } from "vscode";

/**
 * Where Enter leaves the cursor in YAML: behind `- name: data` in the column of `name`, as the item goes on there. VS
 * Code knows only that a colon at the end of a line opens a map.
 */
export function alignItems(): Disposable {
  const behind = (spaces: number, ending: RegExp, further: number) => ({
    beforeText: new RegExp(`^\\s*-${" ".repeat(spaces)}${ending.source}`),
    action: { indentAction: IndentAction.None, appendText: " ".repeat(1 + spaces + further) },
  });
  return languages.setLanguageConfiguration("yaml", {
    onEnterRules: [1, 2, 3].flatMap((spaces) => [behind(spaces, opensMap, 2), behind(spaces, hasValue, 0)]),
  });
}

/** `metadata:` */
const opensMap = /[\w./-]+:$/;

/** `name: data`, but no text of several lines and no bracket that stays open. */
const hasValue = /[\w./-]+: +[^\s|>{[&*#].*$/;
