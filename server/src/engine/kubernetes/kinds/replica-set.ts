import type { KindDescriptor } from "../kind.js";
import { workload, type Workload, type WorkloadDigest } from "../workload.js";

const replicaSet: KindDescriptor<Workload, WorkloadDigest> = { ...workload, kind: "ReplicaSet" };
export default replicaSet;
