import type { Slots } from "./slots.js";

/**
 * The ordinals whose slot is not the very same in two states. States share what did not change, so this looks only at
 * the branches that differ: a step that touches one pod of ten thousand costs a few comparisons.
 */
export function* changedOrdinals(before: Slots, after: Slots): Generator<number> {
  yield* changedBelow(before.root, after.root);
}

type Node = NonNullable<Slots["root"]>;

function* changedBelow(before: Node | undefined, after: Node | undefined): Generator<number> {
  if (before === after) return;
  if (before === undefined || after === undefined) {
    yield* ordinalsBelow(before ?? after);
  } else if (before.size !== after.size) {
    yield* before.size < after.size ? grownFrom(before, after) : grownFrom(after, before);
  } else if (before.first !== after.first) {
    yield* ordinalsBelow(before);
    yield* ordinalsBelow(after);
  } else if ("slot" in before || "slot" in after) {
    yield before.first;
  } else {
    for (const [index, child] of before.children.entries()) yield* changedBelow(child, after.children[index]);
  }
}

/**
 * The tree grows at its root when an ordinal outside its range is taken: the smaller one then stands somewhere within.
 */
function* grownFrom(small: Node, large: Node): Generator<number> {
  if ("slot" in large) return;
  const isAbove = (child: Node): boolean =>
    child.first <= small.first && small.first + small.size <= child.first + child.size;
  if (!large.children.some((child) => child !== undefined && isAbove(child))) yield* ordinalsBelow(small);
  for (const child of large.children) {
    if (child === undefined) continue;
    yield* isAbove(child) ? changedBelow(small, child) : ordinalsBelow(child);
  }
}

function* ordinalsBelow(node: Node | undefined): Generator<number> {
  if (node === undefined) return;
  if ("slot" in node) yield node.first;
  else for (const child of node.children) yield* ordinalsBelow(child);
}
