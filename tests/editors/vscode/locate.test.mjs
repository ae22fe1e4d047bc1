// Where the extension finds the server. Node 24 reads the source as it stands.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';

const { locate } = await import(path.join(process.env.WSGI_LS_EXTENSION, 'src', 'locate.ts'));

/** All places that have a program, in a folder of their own. */
function machine() {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'wsgi-ls-locate-'));
  const program = (...parts) => {
    const file = path.join(top, ...parts);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '', { mode: 0o755 });
    return file;
  };
  const files = {
    setting: program('opt', 'wsgi-ls'),
    extension: program('extension', 'server', 'wsgi-ls'),
    active: program('active', 'bin', 'wsgi-ls'),
    project: program('site', '.venv', 'bin', 'wsgi-ls'),
    path: program('usr', 'wsgi-ls'),
  };
  const places = {
    setting: files.setting,
    home: top,
    extension: path.join(top, 'extension'),
    folders: [path.join(top, 'site')],
    environment: { PATH: `relative:${path.join(top, 'usr')}`, VIRTUAL_ENV: path.join(top, 'active') },
    windows: false,
  };
  return { files, places };
}

test('each place comes before the next one', async () => {
  const { files, places } = machine();
  assert.equal((await locate(places)).program, files.setting);
  places.setting = '~/opt/wsgi-ls';
  assert.equal((await locate(places)).program, files.setting);
  places.setting = '';
  for (const place of ['extension', 'active', 'project', 'path']) {
    assert.equal((await locate(places)).program, files[place]);
    fs.rmSync(files[place]);
  }
  const { lookedAt } = await locate(places);
  assert.deepEqual(lookedAt, ['the extension itself', `the virtual environments of ${places.folders[0]}`, 'the PATH']);
});

test('a setting that leads nowhere is not passed over', async () => {
  const { files, places } = machine();
  fs.rmSync(files.setting);
  assert.deepEqual(await locate(places), { lookedAt: [`the setting wsgi-ls.path, which says ${files.setting}`] });
});

test('nothing of an untrusted folder is started', async () => {
  const { files, places } = machine();
  fs.rmSync(files.extension);
  // An untrusted workspace names no folders.
  assert.equal((await locate({ ...places, setting: '', folders: [] })).program, files.path);
});
