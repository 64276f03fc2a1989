import { isStrictCidr, isStrictIp, isValidCidr, isValidIp, type Form } from "../names.js";
import { isGateOn, type TargetCluster } from "../versions.js";

/**
 * IsValidIPForLegacyField (apimachinery pkg/util/validation/ip.go): since 1.36 (StrictIPCIDRValidation) an address of a
 * new object has one reading only. Objects that exist may keep what they have.
 */
export function ipForm(cluster: TargetCluster): Form {
  return isGateOn("StrictIPCIDRValidation", cluster) ? isStrictIp : isValidIp;
}

/** IsValidCIDRForLegacyField, likewise. */
export function cidrForm(cluster: TargetCluster): Form {
  return isGateOn("StrictIPCIDRValidation", cluster) ? isStrictCidr : isValidCidr;
}
