import type { ChangedObject } from "./builds/changed-objects.js";
import type { Config } from "./config/config.js";
import type { Resource } from "./kubernetes/resources/resource.js";
import { playedBehaviour } from "./kubernetes/versions.js";
import { planEdit } from "./planned-edit.js";
import { simulate, type Simulation } from "./rollout/simulate.js";

/**
 * What happens when the change of a StatefulSet is applied with `kubectl apply`; `undefined` for other kinds, and where
 * a tool will still write a part of it.
 */
export type Plays = (changed: ChangedObject, config: Config) => Simulation | undefined;

/** Plays each change once, as long as its objects live. */
export function createPlays(): Plays {
  const known = new WeakMap<
    Resource,
    WeakMap<Resource, WeakMap<Config, { readonly played: Simulation | undefined }>>
  >();
  return ({ before, after }, config) => {
    const ofBefore = remembered(known, after, () => new WeakMap<Resource, WeakMap<Config, Played>>());
    const ofConfig = remembered(ofBefore, before, () => new WeakMap<Config, Played>());
    return remembered(ofConfig, config, () => ({ played: played(before, after, config) })).played;
  };
}

interface Played {
  readonly played: Simulation | undefined;
}

function played(before: Resource, after: Resource, config: Config): Simulation | undefined {
  if (before.kind !== "StatefulSet" || after.kind !== "StatefulSet") return undefined;
  const planned = planEdit(before, after, "client", config);
  if (planned === undefined) return undefined;
  const { scenario, refusedPods } = planned;
  return simulate({ scenario, refusedPods, behaviour: playedBehaviour(config) });
}

function remembered<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
