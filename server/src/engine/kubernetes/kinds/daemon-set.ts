import type { KindDescriptor } from "../kind.js";
import { workload, type Workload, type WorkloadDigest } from "../workload.js";

const daemonSet: KindDescriptor<Workload, WorkloadDigest> = { ...workload, kind: "DaemonSet" };
export default daemonSet;
