// Compresses each file of the page once, so that the gateway never does: FILE.br and FILE.gz beside FILE. files.txt names them
// all, because a class path cannot be listed; it is written last, so that without it there is no complete page.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const LEAST = 1024;
const names = [];

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath, entry.name);
  const bytes = readFileSync(file);
  const name = relative('dist', file);
  names.push(name);
  if (bytes.length < LEAST) continue;
  names.push(`${name}.br`, `${name}.gz`);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

writeFileSync('dist/files.txt', names.sort().join('\n') + '\n');
