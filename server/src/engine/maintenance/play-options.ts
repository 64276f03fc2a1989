import { nearest } from "../kubernetes/schema/nearest.js";
import { isMapping } from "../yaml/plain.js";
import { alikeNodes, readShortNode, zoneOf, type ClusterNode } from "./nodes.js";
import { defaultNodeSeconds, playTypes, volumeBindings, type Play, type VolumeBinding } from "./plays.js";

/** A play as a user asks for it: in the command line, or under `play` in a scenario. Everything may be left out. */
export interface PlayOptions {
  readonly play?: string | undefined;
  /** How many, or which. */
  readonly nodes?: number | readonly ClusterNode[] | undefined;
  readonly zones?: readonly string[] | undefined;
  readonly node?: string | undefined;
  readonly zone?: string | undefined;
  readonly to?: number | undefined;
  readonly surge?: boolean | undefined;
  readonly nodeSeconds?: number | undefined;
  readonly volumes?: string | undefined;
  /** Whether the sets get another template as the play begins. */
  readonly rollout?: boolean | undefined;
}

export type ResolvedPlay =
  | {
      readonly type: "resolved";
      readonly play: Play;
      readonly nodes: readonly ClusterNode[];
      readonly nodeSeconds: number;
      readonly volumeBinding: VolumeBinding;
      readonly rollout: boolean;
    }
  | { readonly type: "invalid"; readonly errors: readonly string[] };

const mostNodes = 5000;
/** A week. */
const mostNodeSeconds = 7 * 24 * 3600;

/**
 * Checks what is asked for.
 * @param dumped the nodes of a dump, if the play begins with one
 */
export function resolvePlay(options: PlayOptions, dumped: readonly ClusterNode[] | undefined): ResolvedPlay {
  const errors: string[] = [];
  const nodes = dumped ?? nodesOf(options, errors);
  if (dumped !== undefined && (options.nodes !== undefined || options.zones !== undefined)) {
    errors.push("The nodes are those of the dump: leave out `nodes` and `zones`");
  }
  const names = new Set(nodes.map(({ name }) => name));
  if (names.size < nodes.length) errors.push("Two nodes have the same name");
  const { nodeSeconds = defaultNodeSeconds, volumes = dumped === undefined ? "zone" : "anywhere" } = options;
  const volumeBinding = volumeBindings.find((one) => one === volumes);
  if (volumeBinding === undefined) errors.push(unknownWord("volumes", volumes, volumeBindings));
  if (!(nodeSeconds >= 0 && nodeSeconds <= mostNodeSeconds)) {
    errors.push(`\`nodeSeconds\` must be a number from 0 to ${mostNodeSeconds}`);
  }
  const play = playOf(options, nodes, errors);
  if (errors.length > 0 || play === undefined || volumeBinding === undefined) return { type: "invalid", errors };
  return { type: "resolved", play, nodes, nodeSeconds, volumeBinding, rollout: options.rollout === true };
}

function nodesOf({ nodes, zones = [] }: PlayOptions, errors: string[]): readonly ClusterNode[] {
  if (nodes === undefined) {
    errors.push("It is not said how many nodes there are: give `nodes`");
    return [];
  }
  if (typeof nodes !== "number") {
    if (zones.length > 0) errors.push("`zones` are for a number of nodes: listed nodes say their own");
    if (nodes.length === 0) errors.push("The list of nodes is empty");
    return nodes;
  }
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > mostNodes) {
    errors.push(`\`nodes\` must be a whole number from 1 to ${mostNodes}, or a list of nodes`);
    return [];
  }
  const odd = zones.find((zone) => !/^[a-z0-9]([\w.-]{0,61}[a-z0-9])?$/i.test(zone));
  if (odd !== undefined) errors.push(`\`${odd}\` is not a zone: a zone is the value of a label`);
  return alikeNodes(nodes, zones);
}

function playOf(options: PlayOptions, nodes: readonly ClusterNode[], errors: string[]): Play | undefined {
  const type = playTypes.find((one) => one === options.play);
  switch (type) {
    case undefined:
      errors.push(unknownWord("play", options.play ?? "", playTypes));
      return undefined;
    case "drain-all":
      return { type, surge: options.surge === true };
    case "drain-node":
    case "lose-node": {
      const node = oneOf(
        "node",
        options.node,
        nodes.map(({ name }) => name),
        errors,
      );
      return node === undefined ? undefined : { type, node };
    }
    case "lose-zone": {
      const zones = [...new Set(nodes.flatMap((node) => zoneOf(node) ?? []))];
      const zone = oneOf("zone", options.zone, zones, errors);
      return zone === undefined ? undefined : { type, zone };
    }
    case "scale-down": {
      const { to } = options;
      if (to !== undefined && Number.isInteger(to) && to >= 0 && to < nodes.length) return { type, to };
      errors.push(`\`to\` must be a whole number below the ${nodes.length} nodes that there are`);
      return undefined;
    }
  }
}

function oneOf(
  what: string,
  given: string | undefined,
  known: readonly string[],
  errors: string[],
): string | undefined {
  if (known.length === 0) {
    if (errors.length === 0) errors.push(`No node has a ${what}`);
    return undefined;
  }
  if (given !== undefined && known.includes(given)) return given;
  const listed = known.length > 10 ? `${known.slice(0, 10).join(", ")}, ...` : known.join(", ");
  if (given === undefined) errors.push(`Set \`${what}\` to one of ${listed}`);
  else {
    const meant = nearest(given, known);
    const hint = meant === undefined ? `There are ${listed}` : `Did you mean \`${meant}\`?`;
    errors.push(`Unknown ${what} \`${given}\`. ${hint}`);
  }
  return undefined;
}

function unknownWord(what: string, given: string, known: readonly string[]): string {
  return given === ""
    ? `\`${what}\` must be one of ${known.join(", ")}`
    : `Unknown ${what} \`${given}\`. There are ${known.join(", ")}`;
}

/** Reads `play` of a scenario file: plain values. */
export function readPlayOptions(
  value: unknown,
):
  | { readonly type: "read"; readonly options: PlayOptions }
  | { readonly type: "invalid"; readonly errors: readonly string[] } {
  if (!isMapping(value)) return { type: "invalid", errors: ["play must be a mapping"] };
  const errors: string[] = [];
  const checks: Readonly<Record<string, (one: unknown) => boolean>> = {
    do: isText,
    nodes: (one) => typeof one === "number" || Array.isArray(one),
    zones: (one) => Array.isArray(one) && one.every(isText),
    node: isText,
    zone: isText,
    to: isNumber,
    surge: isBoolean,
    nodeSeconds: isNumber,
    volumes: isText,
    rollout: isBoolean,
  };
  for (const [key, one] of Object.entries(value)) {
    if (checks[key] === undefined)
      errors.push(`play.${key} is not known here; expected ${Object.keys(checks).join(", ")}`);
    else if (!checks[key](one)) errors.push(`play.${key} cannot be ${JSON.stringify(one)}`);
  }
  const { do: play, nodes, ...others } = value;
  const listed = Array.isArray(nodes) ? readNodeList(nodes, errors) : undefined;
  if (errors.length > 0) return { type: "invalid", errors };
  return {
    type: "read",
    options: { ...others, play: isText(play) ? play : undefined, nodes: typeof nodes === "number" ? nodes : listed },
  };
}

/** Reads a list of nodes as people write it: names, or `{ name, zone, labels, taints }`. */
export function readNodeList(list: readonly unknown[], errors: string[]): readonly ClusterNode[] {
  return list.flatMap((item, index) => {
    const node = readShortNode(item);
    if (typeof node !== "string") return [node];
    errors.push(`nodes[${index}] ${node}`);
    return [];
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}
