import { readConfig } from "../../server/config";
import { containerOf, find, podsOf, renderFolder } from "../support/kustomize";
import { closeMs } from "../support/packaging";
import { expect, test } from "../support/plain-test";

test.describe.configure({ mode: "default" });

const objects = renderFolder("k8s/overlays/single");
const chat = find(objects, "Deployment", "madang-chat");
const container = containerOf(chat);
const values = objects.find(({ kind }) => kind === "ConfigMap")?.data ?? {};

test("the single replica keeps everything in its one volume, and ends before its successor starts", () => {
  expect(chat.spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
  expect(chat.spec?.strategy).not.toHaveProperty("rollingUpdate");
  expect(readConfig({ ...values, NODE_ENV: "production" })).toMatchObject({
    ok: true,
    config: { dataDir: "/data", redis: undefined, warnings: [] },
  });
  const mounts = container.volumeMounts?.map(({ mountPath }) => mountPath);
  expect(mounts).toEqual(expect.arrayContaining(["/data", "/tmp", "/app/.next/cache"]));
  const claim = find(objects, "PersistentVolumeClaim", "madang-data");
  const size = { requests: { storage: "2Gi" } };
  expect(claim.spec).toMatchObject({ accessModes: ["ReadWriteOnce"], resources: size });
  expect(container.env, "without the secret the server makes one").toContainEqual({
    name: "SESSION_SECRET",
    valueFrom: { secretKeyRef: { name: "madang-secrets", key: "SESSION_SECRET", optional: true } },
  });
  expect(values.DRAIN_MS, "clients cannot move to another replica").toBe("1000");
  const [pod] = podsOf(chat);
  expect(pod?.spec.volumes).toContainEqual({
    name: "data",
    persistentVolumeClaim: { claimName: "madang-data" },
  });
  expect(pod?.spec.securityContext, "the volume belongs to the image's user").toMatchObject({
    fsGroup: 1000,
  });
  expect(objects.filter(({ kind }) => kind === "PodDisruptionBudget")).toEqual([]);
});

test("the single replica has time to close, and a heap twice as large as its store", () => {
  const [pod] = podsOf(chat);
  const graceMs = (pod?.spec.terminationGracePeriodSeconds ?? 0) * 1_000;
  expect(graceMs).toBeGreaterThan(8_000 + Number(values.DRAIN_MS) + closeMs());
  const options = container.env?.find(({ name }) => name === "NODE_OPTIONS")?.value ?? "";
  const heap = Number(/--max-old-space-size=(\d+)/.exec(options)?.[1]) * 1024 * 1024;
  const read = readConfig({ ...values, NODE_ENV: "production" });
  expect(read.ok && heap >= 2 * read.config.storeBytes).toBe(true);
  expect(container.resources?.limits?.memory).toBe("768Mi");
  expect(heap).toBeLessThanOrEqual(768 * 1024 * 1024 * 0.75);
});
