// Reads Kubernetes objects (a JSON array) from a file, and writes their faults, one a line: nothing where all are well.
// A fault is what the schema of the kind says, or a field that the schema does not know: its validator reads every field that it
// knows, so a field that nobody read is unknown. "kind/name: no schema" where none of the packages has one.
import { readFileSync } from "node:fs";

const packages = ["kubernetes-models", "@kubernetes-models/keda", "@kubernetes-models/prometheus-operator", "@kubernetes-models/external-secrets"];

// Azure's managed Prometheus has the operator's kinds under a group of its own.
const sameAs = { "azmonitoring.coreos.com/v1": "monitoring.coreos.com/v1" };

async function modelOf({ apiVersion, kind }) {
  for (const name of packages) {
    try {
      return (await import(`${name}/${apiVersion}/${kind}`))[kind];
    } catch (e) {
      if (!["ERR_MODULE_NOT_FOUND", "ERR_PACKAGE_PATH_NOT_EXPORTED"].includes(e.code)) throw e;
    }
  }
  return undefined;
}

/** The object as its validator sees it; it notes at each level which fields were read, or that all were listed, as in a map. */
function watch(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const read = new Set();
  let listed = false;
  const children = new Map();
  unread.push(() => (Array.isArray(value) || listed ? [] : Object.keys(value).filter((key) => !read.has(key)).map((key) => `${path}.${key}`)));
  return new Proxy(value, {
    get(target, key) {
      read.add(key);
      if (!children.has(key)) children.set(key, watch(target[key], Array.isArray(target) ? `${path}[${String(key)}]` : `${path}.${String(key)}`, unread));
      return children.get(key);
    },
    ownKeys(target) {
      listed = true;
      return Reflect.ownKeys(target);
    },
  });
}

async function faultsOf(object) {
  const name = `${object.kind}/${object.metadata?.name}`;
  object.apiVersion = sameAs[object.apiVersion] ?? object.apiVersion;
  const model = await modelOf(object);
  if (!model) return [`${name}: no schema`];
  const unread = [];
  const faults = [];
  try {
    // Not a model's own constructor: it would copy the fields, and so read all of them.
    model.prototype.validate.call(watch(object, "", unread));
  } catch (e) {
    faults.push(`${name}: ${e.message}`);
  }
  return [...faults, ...unread.flatMap((look) => look()).map((field) => `${name}: the schema knows no field ${field}`)];
}

for (const object of JSON.parse(readFileSync(process.argv[2] ?? 0, "utf8")))
  for (const fault of await faultsOf(object)) console.log(fault);
