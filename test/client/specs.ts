import type { Manifest } from "../../client/src/webview/choices.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";

/** A small set whose pods run after 2 s, are Ready 3 s later and take 2 s to stop; `fields` are written besides. */
export function written(fields: Partial<WrittenSpec>): WrittenSpec {
  const readinessProbe = { periodSeconds: 1 };
  return { name: "db", revision: "one", replicas: 2, timing: { containers: [{ readinessProbe }] }, ...fields };
}

/** What the host tells of a set that says `now`, and said `before` when the panel was opened. */
export function manifestOf(now: WrittenSpec, before: WrittenSpec): Manifest {
  return {
    source: { uri: "file:///db.yaml", index: 0, name: now.name },
    release: { minor: 36, patch: undefined },
    featureGates: {},
    now,
    opened: before,
    saved: before,
    base: "HEAD",
    former: undefined,
    openedManifest: undefined,
    applies: undefined,
  };
}
