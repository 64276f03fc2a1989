/**
 * Whether a text has the lines of a StatefulSet: its kind and an `apiVersion`, which stand at the start of a line, or in
 * an item of a List. Words in comments and values are none, and neither is what an autoscaler or a patch is aimed at.
 */
export function writesStatefulSet(text: string): boolean {
  return list.test(text) ? item.test(text) : apiVersion.test(text) && kind.test(text);
}

const apiVersion = /^["']?apiVersion["']?:/m;
const kind = /^["']?kind["']?: *["']?StatefulSet["']?\s*(?:#.*)?$/m;
const list = /^["']?kind["']?: *["']?List\b/m;
const item = /^ *(?:- +)?["']?kind["']?: *["']?StatefulSet\b/m;
