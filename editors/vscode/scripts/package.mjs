// Makes a .vsix.
//
//   node scripts/package.mjs --out FILE                                          for every platform, without a server
//   node scripts/package.mjs --out FILE --target linux-x64 --server PROGRAM      for one platform, with its server
//
// TARGET is one of vsce's: linux-x64, linux-arm64, linux-armhf, alpine-x64, alpine-arm64, darwin-x64, darwin-arm64, win32-x64, win32-arm64.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { out: { type: 'string' }, target: { type: 'string' }, server: { type: 'string' } } });
if (!values.out || !values.target !== !values.server) {
  console.error('usage: package.mjs --out FILE [--target TARGET --server PROGRAM]');
  process.exit(2);
}
const out = path.resolve(values.out);
const bundled = path.join(here, 'server');
rmSync(bundled, { recursive: true, force: true });
if (values.server) {
  const program = path.join(bundled, values.target.startsWith('win32') ? 'wsgi-ls.exe' : 'wsgi-ls');
  mkdirSync(bundled);
  copyFileSync(path.resolve(values.server), program);
  chmodSync(program, 0o755);
}
// The package is read without the repository around it, so both licences go into its one file.
const licences = ['LICENSE-MIT', 'LICENSE-APACHE'].map((name) => readFileSync(path.join(here, '..', '..', name), 'utf8'));
writeFileSync(path.join(here, 'LICENSE'), `MIT OR Apache-2.0, whichever you like better.\n\n${licences.join('\n\n')}`);
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], { cwd: here, stdio: 'inherit' });
run(path.join(here, 'scripts', 'build.mjs'));
const vsce = path.join(path.dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json')), 'vsce');
// Everything is bundled, so no dependency is packed. Links of the README lead to files of the repository that the package holds.
const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', out];
run(vsce, 'package', ...options, ...(values.target ? ['--target', values.target] : []));
rmSync(bundled, { recursive: true, force: true });
