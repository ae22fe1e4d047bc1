// The keys and the mouse of VS Code in a browser, and what can be waited for there.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What run.py says. */
export const told = JSON.parse(process.argv[2]);
const { chromium } = createRequire(`${told.tools}/`)('playwright-core');

/** Long enough for the slowest machine; a step that takes this long has failed. In milliseconds. */
const PATIENCE = 120_000;
export const began = Date.now();
export const say = (...words) => console.log(`[${String(Date.now() - began).padStart(6)} ms]`, ...words);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const read = (file) => fs.readFileSync(file, 'utf8');

export async function waitFor(what, condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await pause(50);
  }
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

await waitFor('code-server', () => answers(`${told.url}/healthz`));
const context = await chromium.launchPersistentContext(path.join(told.top, 'chromium'), {
  executablePath: told.chromium,
  headless: true,
  viewport: { width: 1280, height: 800 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
});
export const page = context.pages()[0];
page.setDefaultTimeout(PATIENCE);

export const editor = page.locator('.editor-instance .monaco-editor').first();
export const lens = page.locator('.codelens-decoration');
export const status = page.locator('.statusbar-item', { hasText: /PythonAnywhere:|gunicorn:|uWSGI:|WSGI serves|no server/ });
export const problem = (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text });
export const tab = (name) => page.locator('.tab', { hasText: name });
export const picture = (name, options) =>
  told.screenshots ? page.screenshot({ path: path.join(told.screenshots, `vscode-${name}.png`), ...options }) : undefined;

/** Types into the box that opens with these keys, and takes what it offers first once `offered` stands there. */
export async function choose(keys, text, offered) {
  const box = page.locator('.quick-input-widget input');
  const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: offered });
  for (let tries = 0; ; tries += 1) {
    await page.keyboard.press(keys);
    try {
      await box.waitFor({ timeout: 8_000 });
      await box.fill(text);
      await row.waitFor({ timeout: 8_000 });
      break;
    } catch (error) {
      // A list of files can be older than a new file; another look makes another list.
      if (tries === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await page.keyboard.press('Enter');
  // A command can open a box of its own at once.
  await waitFor('the box to close', async () => !(await box.isVisible()) || (await box.inputValue()) !== text);
}

export const command = (title) => choose('F1', `>${title}`, title);

export async function open(file) {
  await choose('Control+p', file, file);
  await page.locator('.tab.active', { hasText: file }).waitFor();
  await focusEditor(file);
}

/** Puts the cursor into the editor of a file, as the keyboard does it: a mouse over a finding opens its hover. */
export async function focusEditor() {
  await page.mouse.move(640, 790);
  await page.keyboard.press('Control+1');
  await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
}

export async function goTo(line, column) {
  await choose('Control+g', `:${line}:${column}`, '');
  await page.locator('.statusbar-item', { hasText: new RegExp(`Ln ${line}, Col ${column}\\b`) }).waitFor();
}

/** Opens the menu of quick fixes under the cursor and takes one. */
export async function quickFix(title, shot) {
  const menu = page.locator('.action-widget .monaco-list-row.action');
  const wanted = menu.filter({ hasText: title }).first();
  for (let tries = 0; ; tries += 1) {
    await page.keyboard.press('Control+.');
    try {
      await wanted.waitFor({ timeout: 5_000 });
      break;
    } catch (error) {
      if (tries === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
  for (const text of await menu.allInnerTexts()) say('  menu:', text.replace(/\s+/g, ' ').trim());
  if (shot) await picture(shot);
  await wanted.click();
  await menu.first().waitFor({ state: 'hidden' });
}

/** Saves the document of the active editor, and waits until nothing of it is unsaved. */
export async function save(file) {
  await page.keyboard.press('Control+s');
  await page.locator('.tab.active:not(.dirty)', { hasText: file }).waitFor();
}

/** The document inside the page that the extension shows. */
export async function verdictPage() {
  const frames = page.locator('iframe.webview.ready');
  await frames.first().waitFor();
  return frames.first().contentFrame().locator('iframe#active-frame').contentFrame();
}

export async function saved(file, text) {
  await waitFor(`${path.basename(file)} to be saved`, () => read(file) === text);
}

/** Takes the steps of a story in a folder one after the other. Ends everything at the first that fails. */
export async function tell(folder, steps) {
  try {
    await page.goto(`${told.url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    say(`the workbench opens ${path.basename(folder)}`);
  } catch (error) {
    await fail('the workbench', error);
  }
  for (const [title, step] of Object.entries(steps)) {
    try {
      await step();
      say(title);
    } catch (error) {
      await fail(title, error);
    }
  }
}

async function fail(title, error) {
  console.log(`FAILED at "${title}": ${error.message}`);
  await page.screenshot({ path: path.join(told.screenshots || told.top, 'vscode-failed.png') }).catch(() => {});
  await context.close();
  process.exit(1);
}

/** Closes the browser. */
export const end = () => context.close();
