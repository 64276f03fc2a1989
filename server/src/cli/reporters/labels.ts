import type { Plan } from "../plans.js";

/**
 * What people call each of several plans: with its build, with the replicas that it starts from where an autoscaler sets
 * them, and with its namespace where another has the same name.
 */
export function labelAmong(plans: readonly Plan[]): (plan: Plan) => string {
  const label = ({ key: { name }, build, scaledTo }: Plan) => {
    const replicas = scaledTo === 1 ? "1 replica" : `${scaledTo} replicas`;
    return `${name}${build === undefined ? "" : ` of ${build}`}${scaledTo === undefined ? "" : ` from ${replicas}`}`;
  };
  return (plan) => {
    const isOnly = plans.every((other) => other === plan || label(other) !== label(plan));
    return isOnly ? label(plan) : `${label(plan)} in namespace ${plan.key.namespace ?? "default"}`;
  };
}
