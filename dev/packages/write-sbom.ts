/** `npm run sbom [-- FILE]`: writes the bill of materials of production to the file, sbom.json by default. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readLock } from './lock.ts';
import { billOfMaterials } from './npm.ts';

const file = resolve(process.argv[2] ?? 'sbom.json');
writeFileSync(file, await billOfMaterials(readLock()));
console.log(`wrote ${file}`);
