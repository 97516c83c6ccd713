import * as gateway from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1";
import * as monitoring from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import * as apps from "kubernetes-models/apps/v1";
import * as autoscaling from "kubernetes-models/autoscaling/v2";
import * as batch from "kubernetes-models/batch/v1";
import * as networking from "kubernetes-models/networking.k8s.io/v1";
import * as policy from "kubernetes-models/policy/v1";
import * as core from "kubernetes-models/v1";

const groups: Record<string, Record<string, unknown>> = {
  v1: core,
  "apps/v1": apps,
  "autoscaling/v2": autoscaling,
  "batch/v1": batch,
  "gateway.networking.k8s.io/v1": gateway,
  "monitoring.coreos.com/v1": monitoring,
  "networking.k8s.io/v1": networking,
  "policy/v1": policy,
};

type Node = Record<string, unknown> | unknown[];

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;

/**
 * Passes reads on, and records which fields were never read. The schemas do not report fields that they do not know,
 * and the API server would only warn of a typo; but validators read each field that they know by its name.
 */
function recordReads(object: Node): { recorded: Node; unread(): string[] } {
  const nodes: { target: Node; place: string; read: Set<string> }[] = [];
  const wrap = (target: Node, place: string): Node => {
    const read = new Set<string>();
    nodes.push({ target, place, read });
    const children = new Map<string, Node>();
    return new Proxy(target, {
      get: (from, key) => {
        const value: unknown = Reflect.get(from, key);
        if (typeof key === "symbol" || !Object.hasOwn(from, key)) return value;
        read.add(key);
        if (!isNode(value)) return value;
        const child = children.get(key) ?? wrap(value, `${place}/${key}`);
        children.set(key, child);
        return child;
      },
    });
  };
  const recorded = wrap(object, "");
  const unread = () =>
    nodes.flatMap(({ target, place, read }) =>
      Object.keys(target).flatMap((key) => (read.has(key) ? [] : [`${place}/${key}`])),
    );
  return { recorded, unread };
}

/** An object's faults by the schema of its kind: wrong values, missing fields, fields that do not exist. */
export function faultsOf(object: { apiVersion: string; kind: string }): string[] {
  const model = groups[object.apiVersion]?.[object.kind];
  if (typeof model !== "function")
    return [`the tests have no schema for ${object.apiVersion} ${object.kind}`];
  const prototype = model.prototype as { validate(): void };
  // The models validate themselves. A model built by its constructor would be a copy, and its reads would not be
  // recorded.
  const subject = Object.setPrototypeOf(structuredClone(object), prototype) as Node;
  const { recorded, unread } = recordReads(subject);
  try {
    prototype.validate.call(recorded);
  } catch (error) {
    return [String(error)];
  }
  return unread().map((place) => `${place} is not in the schema`);
}
