import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { allPods, podsOf, titleOf } from "./kustomize";
import { type Container, type Labels, type Manifest, type PodTemplate, selects } from "./manifests";

/** The secret that the operator creates before the first apply. */
const secret = parse(readFileSync("k8s/secret.example.yaml", "utf8")) as {
  metadata: { name: string };
  stringData: Labels;
};

type Check = (objects: Manifest[]) => (string | false)[];

const ofKind = (objects: Manifest[], kind: string) => objects.filter((object) => object.kind === kind);
const has = (objects: Manifest[], kind: string, name?: string) =>
  ofKind(objects, kind).some(({ metadata }) => metadata.name === name);
const hasServicePort = (objects: Manifest[], name: string, port: string | number) =>
  ofKind(objects, "Service").some(
    ({ metadata, spec }) =>
      metadata.name === name && spec?.ports?.some((own) => own.name === port || own.port === port),
  );

/** Deployments, StatefulSets, budgets and policies select their pods by labels. */
const selectors: Check = (objects) =>
  objects.flatMap((object) => {
    const { kind, spec } = object;
    if (kind === "Deployment" || kind === "StatefulSet")
      return podsOf(object).map(
        ({ metadata }) =>
          !selects(spec?.selector, metadata.labels) && `${titleOf(object)} does not select its pods`,
      );
    const selector =
      kind === "PodDisruptionBudget"
        ? spec?.selector
        : kind === "NetworkPolicy"
          ? spec?.podSelector
          : undefined;
    const isMet =
      selector === undefined || allPods(objects).some(({ metadata }) => selects(selector, metadata.labels));
    return [!isMet && `${titleOf(object)} selects no pod`];
  });

const services: Check = (objects) =>
  ofKind(objects, "Service").flatMap((service) => {
    const selector: Labels = service.spec?.selector ?? {};
    const containers = allPods(objects)
      .filter(({ metadata }) => selects({ matchLabels: selector }, metadata.labels))
      .flatMap(({ spec }) => spec.containers);
    return [
      Object.keys(selector).length === 0 && `${titleOf(service)} has no selector`,
      containers.length === 0 && `${titleOf(service)} selects no pod`,
      ...(service.spec?.ports ?? []).map(
        ({ targetPort }) =>
          typeof targetPort === "string" &&
          !containers.some(({ ports }) => ports?.some(({ name }) => name === targetPort)) &&
          `${titleOf(service)} has no port ${targetPort} behind it`,
      ),
    ];
  });

function volumesOf({ spec }: PodTemplate, owner: Manifest, objects: Manifest[]): (string | false)[] {
  const templates = (owner.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const claims = ofKind(objects, "StatefulSet").flatMap((set) =>
    (set.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => `${metadata.name}-${set.metadata.name}-0`),
  );
  const known = [...templates, ...(spec.volumes ?? []).map(({ name }) => name)];
  return [
    ...spec.containers.flatMap(({ volumeMounts = [] }) =>
      volumeMounts.map(({ name }) => !known.includes(name) && `there is no volume ${name}`),
    ),
    ...(spec.volumes ?? []).flatMap(({ configMap, persistentVolumeClaim }) => {
      const claim = persistentVolumeClaim?.claimName;
      return [
        configMap !== undefined &&
          configMap.optional !== true &&
          !has(objects, "ConfigMap", configMap.name) &&
          `there is no ConfigMap ${configMap.name}`,
        claim !== undefined &&
          !claims.includes(claim) &&
          !has(objects, "PersistentVolumeClaim", claim) &&
          `there is no volume claim ${claim}`,
      ];
    }),
  ];
}

function environmentOf({ env = [], envFrom = [] }: Container, objects: Manifest[]): (string | false)[] {
  return [
    ...envFrom.map(
      ({ configMapRef }) =>
        !has(objects, "ConfigMap", configMapRef?.name) && `there is no ConfigMap ${configMapRef?.name}`,
    ),
    ...env.flatMap(({ name, value = "", valueFrom }, index) => {
      const earlier = env.slice(0, index).map((variable) => variable.name);
      const key = valueFrom?.secretKeyRef;
      const isKnown =
        key === undefined || (key.name === secret.metadata.name && key.key in secret.stringData);
      return [
        !isKnown && `secret.example.yaml does not show ${key?.key} of ${key?.name}`,
        // Kubernetes expands only the variables defined above.
        ...[...value.matchAll(/\$\((\w+)\)/g)].map(
          ([, used = ""]) => !earlier.includes(used) && `${name} uses ${used}, which does not stand above`,
        ),
      ];
    }),
  ];
}

const pods: Check = (objects) =>
  objects.flatMap((owner) =>
    podsOf(owner).flatMap((pod) =>
      [
        !has(objects, "ServiceAccount", pod.spec.serviceAccountName) &&
          `there is no ServiceAccount ${pod.spec.serviceAccountName}`,
        ...volumesOf(pod, owner, objects),
        ...pod.spec.containers.flatMap((container) => environmentOf(container, objects)),
      ].map((fault) => fault && `${titleOf(owner)}: ${fault}`),
    ),
  );

const others: Check = (objects) =>
  objects.flatMap((object) => {
    const { kind, spec = {} } = object;
    const target = spec.scaleTargetRef;
    const backends = (spec.rules ?? []).flatMap((rule): [string, string | number][] =>
      kind === "HTTPRoute"
        ? rule.backendRefs.map(({ name, port }) => [name, port])
        : rule.http.paths.map(({ backend: { service } }) => [service.name, service.port.name]),
    );
    const watched = ofKind(objects, "Service").filter(({ metadata }) =>
      selects(spec.selector, metadata.labels),
    );
    return [
      spec.serviceName !== undefined &&
        !has(objects, "Service", spec.serviceName) &&
        `${titleOf(object)}: there is no Service ${spec.serviceName}`,
      target !== undefined &&
        !has(objects, target.kind, target.name) &&
        `${titleOf(object)}: there is no ${target.kind} ${target.name}`,
      ...backends.map(
        ([name, port]) =>
          !hasServicePort(objects, name, port) && `${titleOf(object)}: there is no Service ${name}:${port}`,
      ),
      ...(spec.endpoints ?? []).map(
        ({ port }) =>
          !watched.some(({ metadata }) => hasServicePort(objects, metadata.name, port)) &&
          `${titleOf(object)} watches no Service with a port ${port}`,
      ),
    ];
  });

/** The names and selectors in these objects that match nothing. */
export const danglingReferences = (objects: Manifest[]): string[] =>
  [selectors, services, pods, others].flatMap((check) => check(objects)).filter((fault) => fault !== false);
