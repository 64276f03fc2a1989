import { heldUnder, readItem, readResource, type Resource } from "../kubernetes/resources/resource.js";
import type { ParsedDocument, ParsedItem } from "../yaml/parse.js";
import { once } from "./memo.js";

/** An item of a list of objects. */
export interface ListItem extends ParsedItem {
  /** Tells what decides, beside its tree, which object it is: the list and its number in it. */
  readonly name: string;
  /** The object, read when it is first asked for; `undefined` where it is none. */
  readonly resource: () => Resource | undefined;
}

/** The items of a list that was read item by item; `undefined` for any other document. */
export function listItems({ root, items }: ParsedDocument): readonly ListItem[] | undefined {
  const list = items === undefined ? undefined : readResource(root);
  if (items === undefined || list === undefined || heldUnder(list) !== "items") return undefined;
  const { apiVersion, kind } = list.key;
  return items.map((item, index) => ({
    ...item,
    name: `${index} ${apiVersion} ${kind}`,
    resource: once(() => readItem(root.at("items", index), list)),
  }));
}
