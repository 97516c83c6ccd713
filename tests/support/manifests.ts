/** The fields of Kubernetes objects that the tests read; kubernetes-schemas.ts checks that they are valid. */

export type Labels = Record<string, string>;

export type Selector = {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
};

type SecretKey = { name: string; key: string; optional?: boolean };

export type EnvironmentVariable = { name: string; value?: string; valueFrom?: { secretKeyRef?: SecretKey } };

type Probe = {
  httpGet?: { path: string; port: string };
  exec?: { command: string[] };
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
};

export type Container = {
  name: string;
  image: string;
  command?: string[];
  env?: EnvironmentVariable[];
  envFrom?: { configMapRef?: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop?: { exec?: { command: string[] } } };
  resources?: { requests?: Labels; limits?: Labels };
  securityContext?: Record<string, unknown>;
  volumeMounts?: { name: string; mountPath: string }[];
};

export type Volume = {
  name: string;
  configMap?: { name: string; optional?: boolean };
  persistentVolumeClaim?: { claimName: string };
};

export type PodTemplate = {
  metadata: { labels: Labels };
  spec: {
    serviceAccountName?: string;
    automountServiceAccountToken?: boolean;
    enableServiceLinks?: boolean;
    terminationGracePeriodSeconds?: number;
    securityContext?: Record<string, unknown>;
    topologySpreadConstraints?: { labelSelector: Selector; matchLabelKeys?: string[] }[];
    containers: Container[];
    volumes?: Volume[];
  };
};

export type Peer = {
  namespaceSelector?: Selector;
  podSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
};

export type Way = { from?: Peer[]; to?: Peer[]; ports?: { protocol: string; port: number }[] };

type RouteRule = {
  matches: { path: { value: string } }[];
  backendRefs: { name: string; port: number }[];
  timeouts?: Labels;
};

type IngressRule = {
  http: { paths: { path: string; backend: { service: { name: string; port: { name: string } } } }[] };
};

export type AlertRule = { alert: string; expr: string; annotations: Labels; labels: Labels };

/** One type for all kinds: each has some of these fields. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  data?: Labels;
  automountServiceAccountToken?: boolean;
  spec?: {
    replicas?: number;
    minReplicas?: number;
    strategy?: unknown;
    selector?: Selector & Labels;
    serviceName?: string;
    template?: PodTemplate;
    jobTemplate?: { spec: { template: PodTemplate } };
    volumeClaimTemplates?: { metadata: { name: string } }[];
    ports?: { name: string; port: number; targetPort: string | number }[];
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: Way[];
    egress?: Way[];
    scaleTargetRef?: { kind: string; name: string };
    rules?: (RouteRule & IngressRule)[];
    endpoints?: { port: string; path: string }[];
    groups?: { rules: AlertRule[] }[];
    suspend?: boolean;
    concurrencyPolicy?: string;
    persistentVolumeClaimRetentionPolicy?: unknown;
  };
};

/** Whether a selector selects these labels; a missing selector selects nothing. */
export function selects(selector: Selector | undefined, labels: Labels = {}): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== "In") throw new Error(`the tests do not know the operator ${operator}`);
      return values.includes(labels[key] ?? "");
    })
  );
}
