// Print the lock for the file given: its packages, whose names begin as said, as npm knows
// them, and its sha256.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

const [path, beginning] = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const taken = Object.entries(packages).filter(([name]) =>
  name.startsWith(`node_modules/${beginning}`),
);
const lock = {
  [basename(path)]: {
    sha256: createHash("sha256").update(readFileSync(path)).digest("hex"),
    packages: Object.fromEntries(
      taken.map(([name, { version, integrity }]) => [
        name.replace("node_modules/", ""),
        { version, integrity },
      ]),
    ),
  },
};
process.stdout.write(`${JSON.stringify(lock, null, 2)}\n`);
