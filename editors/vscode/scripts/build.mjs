// Bundles the extension into dist/: what VS Code loads at its start, and the client, which is most of the code and is loaded after that.
import { build } from 'esbuild';

const options = { outdir: 'dist', bundle: true, platform: 'node', format: 'cjs', target: 'node20', minify: true, logLevel: 'warning' };
await build({
  ...options,
  entryPoints: ['src/extension.ts'],
  external: ['vscode', './client'],
  // `require` finds the client's file beside this one.
  supported: { 'dynamic-import': false },
});
// Libraries have files of that name as well, so this is a build of its own.
await build({ ...options, entryPoints: ['src/client.ts'], external: ['vscode'] });
