// Finds the server's program.
import { constants, promises as fs } from 'node:fs';
import path from 'node:path';

/** Where to look. */
export interface Places {
  /** The setting `wsgi-ls.path`, with `~` for the home folder; empty when it says nothing. */
  setting: string;
  home: string;
  /** The folder of the extension. */
  extension: string;
  /** The workspace's folders whose virtual environments may be looked into; none in an untrusted workspace. */
  folders: string[];
  /** The environment variables. */
  environment: NodeJS.ProcessEnv;
  windows: boolean;
}

/** What was found, or the places that were looked at in vain. */
export type Found = { program: string; from: string } | { lookedAt: string[] };

/** Folders that virtual environments are mostly called by. */
const ENVIRONMENTS = ['.venv', 'venv', 'env'];

/** The program to start. A setting that leads nowhere is never passed over: somebody meant it. */
export async function locate(places: Places): Promise<Found> {
  const name = places.windows ? 'wsgi-ls.exe' : 'wsgi-ls';
  if (places.setting) {
    const program = places.setting.replace(/^~(?=[/\\]|$)/, places.home);
    const found = path.isAbsolute(program) ? (await runs(program)) && program : await onPath(program, places);
    return found ? { program: found, from: 'the setting' } : { lookedAt: [`the setting wsgi-ls.path, which says ${places.setting}`] };
  }
  const bundled = path.join(places.extension, 'server', name);
  if (await runs(bundled)) {
    return { program: bundled, from: 'the extension' };
  }
  const active = places.folders.length > 0 ? places.environment.VIRTUAL_ENV : undefined;
  const environments = places.folders.flatMap((folder) => ENVIRONMENTS.map((one) => path.join(folder, one)));
  for (const environment of active ? [active, ...environments] : environments) {
    const program = path.join(environment, places.windows ? 'Scripts' : 'bin', name);
    if (await runs(program)) {
      return { program, from: 'the virtual environment' };
    }
  }
  const found = await onPath(name, places);
  if (found) {
    return { program: found, from: 'the PATH' };
  }
  const inFolders = places.folders.map((folder) => `the virtual environments of ${folder}`);
  return { lookedAt: ['the extension itself', ...inFolders, 'the PATH'] };
}

async function onPath(name: string, places: Places): Promise<string | undefined> {
  // Windows spells it `Path`.
  const key = Object.keys(places.environment).find((one) => one.toUpperCase() === 'PATH');
  const folders = (key && places.environment[key]) || '';
  for (const folder of folders.split(places.windows ? ';' : ':')) {
    const program = path.join(folder, name);
    // A relative folder would mean a program of the workspace.
    if (path.isAbsolute(folder) && (await runs(program))) {
      return program;
    }
  }
  return undefined;
}

async function runs(program: string): Promise<boolean> {
  try {
    await fs.access(program, constants.X_OK);
    return (await fs.stat(program)).isFile();
  } catch {
    return false;
  }
}
