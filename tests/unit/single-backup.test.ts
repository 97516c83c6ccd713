import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { faultsOf } from "../support/kubernetes-schemas";
import { containerOf, find, renderFolder } from "../support/kustomize";
import type { Manifest } from "../support/manifests";
import { plain, read, under } from "../support/packaging";
import { expect, test } from "../support/plain-test";
import { makeFolder } from "../support/temporary-folder";

const compose = "docker compose -f compose.single.yaml run --rm -T chat";
const kubernetes = "kubectl -n madang exec( -i)? madang-store --";

/** The script that a document has for this kind of step. */
function scriptIn(document: string, command: string, step: RegExp): string {
  const line = new RegExp(`^${command} sh -c '([^']*)'`, "gm");
  const scripts = [...read(document).matchAll(line)].map((found) => found.at(-1) ?? "");
  return scripts.find((script) => step.test(script)) ?? "";
}

/** The files that belong to the backup, with their rights. */
async function contentsOf(folder: string) {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const found = await stat(file);
      return [name, found.mode, found.isFile() && (await readFile(file, "utf8"))];
    }),
  );
}

for (const { where, document, command } of [
  { where: "compose", document: "docs/operations.md", command: compose },
  { where: "Kubernetes", document: "docs/kubernetes.md", command: kubernetes },
])
  test(`the documented backup of a stopped folder with ${where} brings it back as it was, and its other files stay`, async () => {
    const folder = await makeFolder("backup");
    const run = (step: RegExp, input?: Buffer) => {
      const script = scriptIn(document, command, step);
      expect(script).toContain("/data");
      return execFileSync("sh", ["-c", script.replaceAll("/data", folder)], { input });
    };
    await mkdir(path.join(folder, "store"), { mode: 0o700 });
    await writeFile(path.join(folder, "store/CURRENT"), "MANIFEST-000002\n");
    await writeFile(path.join(folder, "session-secret"), "s".repeat(64), { mode: 0o600 });
    const before = await contentsOf(folder);
    const backup = run(/^tar cz/);
    await writeFile(path.join(folder, "store/CURRENT"), "MANIFEST-000009\n");
    await writeFile(path.join(folder, "store/000010.log"), "newer");
    await writeFile(path.join(folder, "session-secret"), "t".repeat(64));
    run(/tar xz/, backup);
    expect(await contentsOf(folder)).toEqual(before);
    await writeFile(path.join(folder, "notes"), "mine");
    run(/tar xz/, backup);
    expect(await readFile(path.join(folder, "notes"), "utf8")).toBe("mine");
  });

test("the documented commands name the service and the volume of compose.single.yaml", () => {
  const service = under(plain("compose.single.yaml"), "services", "chat");
  expect(under(service, "environment")).toContain("DATA_DIR: /data");
  expect(under(service, "volumes")).toContain("data:/data");
});

test("the pod that exports the single replica's store has its volume, image and rights, and gets no visitors", () => {
  const pod = parse(read("k8s/overlays/single/store-pod.yaml")) as Manifest;
  expect(faultsOf(pod)).toEqual([]);
  const objects = renderFolder("k8s/overlays/single");
  const chat = find(objects, "Deployment", "madang-chat");
  const { template } = chat.spec as unknown as { template: { spec: Record<string, unknown> } };
  const spec = pod.spec as unknown as Record<string, unknown> & { containers: Record<string, unknown>[] };
  for (const field of ["securityContext", "automountServiceAccountToken", "enableServiceLinks"])
    expect(spec[field], field).toEqual(template.spec[field]);
  const [container = {}] = spec.containers;
  const { image, securityContext } = containerOf(chat);
  expect(container).toMatchObject({ image, securityContext, env: [{ name: "DATA_DIR", value: "/data" }] });
  expect(container.volumeMounts).toEqual([{ name: "data", mountPath: "/data" }]);
  expect(spec.volumes).toEqual([{ name: "data", persistentVolumeClaim: { claimName: "madang-data" } }]);
  const { selector } = find(objects, "Service", "madang-chat").spec as unknown as {
    selector: Record<string, string>;
  };
  expect(pod.metadata.labels).not.toMatchObject(selector);
});
