import { behaviourOf, defaultRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { creating, editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { sharedOf, type Shared } from "../../../server/src/engine/rollout/share.js";
import { simulate } from "../../../server/src/engine/rollout/simulate.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";

/** What is drawn in the tests, by what is special about it. */
export const rollouts = {
  update: editing(ledger({ minReadySeconds: 4 }), ledger({ minReadySeconds: 4, revision: "two" })),
  partition: editing(partitioned("one"), partitioned("two")),
  stuck: {
    ...editing(ledger({}), ledger({ revision: "two" })),
    faults: [{ ordinals: [1], revision: "new", effect: { type: "crashLoop" } }],
  },
  rejected: creating(ledger({ podManagementPolicy: "Sometimes" })),
  "data-lost": editing(
    ledger({ replicas: 4, persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } }),
    ledger({ replicas: 1, persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } }),
  ),
} satisfies Record<string, Scenario>;

/** An update of so many pods. */
export function updateOf(replicas: number): Scenario {
  return editing(ledger({ replicas }), ledger({ replicas, revision: "two" }));
}

export function shared(name: string, scenario: Scenario): Shared {
  return sharedOf(name, simulate({ scenario, behaviour: behaviourOf(defaultRelease, {}) }));
}

/** Three pods with a claim each that take 12 s to stop and 12 s to become Ready. */
export function ledger(fields: Partial<WrittenSpec>): WrittenSpec {
  return {
    name: "ledger",
    revision: "one",
    replicas: 3,
    claims: ["journal"],
    timing: {
      containers: [{ readinessProbe: { initialDelaySeconds: 10, periodSeconds: 5 } }],
      preStopSleepSeconds: 10,
      terminationGracePeriodSeconds: 20,
    },
    ...fields,
  };
}

function partitioned(revision: string): WrittenSpec {
  return ledger({ replicas: 5, revision, updateStrategy: { rollingUpdate: { partition: 2 } } });
}
