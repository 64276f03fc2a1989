import { withoutView, type KindDescriptor, type OtherDigest, type OtherResource } from "../kind.js";
import { namedRefusals } from "../validation/metadata.js";

const serviceAccount: KindDescriptor<OtherResource, OtherDigest> = {
  ...withoutView,
  group: "",
  kind: "ServiceAccount",
  // ValidateServiceAccount (pkg/apis/core/validation/validation.go, Kubernetes 1.36)
  refusals: ({ place }) => namedRefusals(place),
  references: [],
};
export default serviceAccount;
