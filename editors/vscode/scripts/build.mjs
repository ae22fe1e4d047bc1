// Bundles the extension into dist/: what VS Code loads at its start, and the client, which is most of the code and is loaded after that.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/extension.ts', 'src/client.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', './client'],
  // `require` finds the file beside it.
  supported: { 'dynamic-import': false },
  minify: true,
  logLevel: 'warning',
});
