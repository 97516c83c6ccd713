import { execFileSync } from "node:child_process";
import path from "node:path";
import { makeFolder } from "./temporary-folder";

/** Paths of PEM files. `foreign`: another authority, which has signed none of these certificates. */
export type Certificates = Record<
  "ca" | "foreign" | "serverCert" | "serverKey" | "clientCert" | "clientKey",
  string
>;

/** An authority, and two certificates that it has signed: a server's for the loopback address, and a client's. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await makeFolder("certificates");
  const file = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = (name: string) =>
    openssl(
      "req",
      "-x509",
      ...key,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
    );
  const sign = (name: string) => {
    openssl(
      "req",
      ...key,
      "-subj",
      `/CN=${name}`,
      "-addext",
      "subjectAltName=IP:127.0.0.1",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-copy_extensions",
      "copy",
      "-out",
      `${name}.pem`,
    );
  };
  for (const name of ["ca", "foreign"]) authority(name);
  for (const name of ["server", "client"]) sign(name);
  return {
    ca: file("ca.pem"),
    foreign: file("foreign.pem"),
    serverCert: file("server.pem"),
    serverKey: file("server.key"),
    clientCert: file("client.pem"),
    clientKey: file("client.key"),
  };
}
