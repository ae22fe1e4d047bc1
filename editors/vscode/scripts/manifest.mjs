// Keeps package.json's settings equal to those that the server reads: docs/schema/settings.json says what they are.
//
//   node scripts/manifest.mjs           writes package.json
//   node scripts/manifest.mjs --check   ends with 1 when package.json is not what would be written
import { readFileSync, writeFileSync } from 'node:fs';

const manifestFile = new URL('../package.json', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('../../../docs/schema/settings.json', import.meta.url), 'utf8'));

/** What only the extension reads stands in package.json alone. */
const OWN = ['wsgi-ls.path', 'wsgi-ls.trace.server'];

/** A part of the JSON schema in the form that VS Code's settings editor shows well. */
function setting(part) {
  if (part.$ref) {
    return setting(schema.$defs[part.$ref.split('/').pop()]);
  }
  const out = { ...part };
  if (out.description) {
    out.markdownDescription = out.description.replaceAll('\n', ' ');
    delete out.description;
  }
  if (out.oneOf) {
    out.type = 'string';
    out.enum = out.oneOf.map((one) => one.const);
    out.enumDescriptions = out.oneOf.map((one) => one.description);
    delete out.oneOf;
  }
  if (typeof out.additionalProperties === 'object') {
    out.additionalProperties = setting(out.additionalProperties);
  }
  return out;
}

const before = readFileSync(manifestFile, 'utf8');
const manifest = JSON.parse(before);
const own = Object.entries(manifest.contributes.configuration.properties).filter(([name]) => OWN.includes(name));
const mirrored = Object.entries(schema.properties).map(([name, part], index) => [
  `wsgi-ls.${name}`,
  { ...setting(part), scope: 'resource', order: OWN.length + index },
]);
manifest.contributes.configuration.properties = Object.fromEntries([...own, ...mirrored]);
const after = `${JSON.stringify(manifest, null, 2)}\n`;
if (process.argv.includes('--check')) {
  const equal = JSON.stringify(JSON.parse(before)) === JSON.stringify(manifest);
  if (!equal) {
    console.error('editors/vscode/package.json does not mirror docs/schema/settings.json; run: node editors/vscode/scripts/manifest.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(manifestFile, after);
}
