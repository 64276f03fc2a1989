import { withoutView, type KindDescriptor, type OtherDigest, type OtherResource } from "../kind.js";
import { dataKeys, dataRefusals } from "../validation/data.js";

const configMap: KindDescriptor<OtherResource, OtherDigest> = {
  ...withoutView,
  group: "",
  kind: "ConfigMap",
  digest: ({ place }) => ({ kind: "other", dataKeys: dataKeys(place) }),
  // ValidateConfigMap (pkg/apis/core/validation/validation.go, Kubernetes 1.36)
  refusals: ({ place }) => dataRefusals(place),
  references: [],
};
export default configMap;
