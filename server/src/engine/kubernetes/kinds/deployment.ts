import type { KindDescriptor } from "../kind.js";
import { workload, type Workload, type WorkloadDigest } from "../workload.js";

const deployment: KindDescriptor<Workload, WorkloadDigest> = { ...workload, kind: "Deployment" };
export default deployment;
