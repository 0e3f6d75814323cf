// npm run schemas: writes schemas/, one file for each public workflow, from the types in src/jobs.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSchemas, SCHEMAS_FOLDER } from './make-schemas.js';

const files = await makeSchemas();
await mkdir(SCHEMAS_FOLDER, { recursive: true });
for (const old of await readdir(SCHEMAS_FOLDER)) if (!files.has(old)) await rm(join(SCHEMAS_FOLDER, old));
for (const [name, text] of files) await writeFile(join(SCHEMAS_FOLDER, name), text);
console.log(`${files.size} files in schemas/`);
