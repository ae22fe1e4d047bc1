// Drives one VS Code through the story that its user lives. Started by run.py, which says what the members of the argument are
// and reads the files from disk afterwards.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const told = JSON.parse(process.argv[2]);
const { chromium } = createRequire(`${told.tools}/`)('playwright-core');

/** Long enough for the slowest machine; a step that takes this long has failed. In milliseconds. */
const PATIENCE = 60_000;
const RULE = 'server-started-at-import';
const ADVICE = 'shared-global-state';
const GUARD = 'Put `app.run()` under `if __name__ == "__main__":`';
const APP = path.basename(told.app);
const ENTRY = path.basename(told.entry);
const SECOND = path.basename(told.second);

const began = Date.now();
const say = (...words) => console.log(`[${String(Date.now() - began).padStart(6)} ms]`, ...words);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const read = (file) => fs.readFileSync(file, 'utf8');

async function waitFor(what, condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}`);
    }
    await sleep(50);
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
const page = context.pages()[0];
page.setDefaultTimeout(PATIENCE);

const editor = page.locator('.editor-instance .monaco-editor').first();
const lens = page.locator('.codelens-decoration');
const status = page.locator('.statusbar-item', { hasText: /PythonAnywhere:|gunicorn:|WSGI serves|no server/ });
const problem = (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text });
const tab = (name) => page.locator('.tab', { hasText: name });
const picture = (name, options) =>
  told.screenshots ? page.screenshot({ path: path.join(told.screenshots, `vscode-${name}.png`), ...options }) : undefined;

/** Types into the box that opens with these keys, and takes what it offers first once `offered` stands there. */
async function choose(keys, text, offered) {
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

const command = (title) => choose('F1', `>${title}`, title);

async function open(file) {
  await choose('Control+p', file, file);
  await page.locator('.tab.active', { hasText: file }).waitFor();
  await focusEditor(file);
}

/** Puts the cursor into the editor of a file, as the keyboard does it: a mouse over a finding opens its hover. */
async function focusEditor() {
  await page.mouse.move(640, 790);
  await page.keyboard.press('Control+1');
  await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
}

async function goTo(line, column) {
  await choose('Control+g', `:${line}:${column}`, '');
  await page.locator('.statusbar-item', { hasText: new RegExp(`Ln ${line}, Col ${column}\\b`) }).waitFor();
}

/** Opens the menu of quick fixes under the cursor and takes one. */
async function quickFix(title, shot) {
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

/** The document inside the page that the extension shows. */
async function verdictPage() {
  const frames = page.locator('iframe.webview.ready');
  await frames.first().waitFor();
  return frames.first().contentFrame().locator('iframe#active-frame').contentFrame();
}

async function saved(file, text) {
  await waitFor(`${path.basename(file)} to be saved`, () => read(file) === text);
}

const lineOfRun = read(told.app).split('\n').findIndex((line) => line.startsWith('app.run(')) + 1;

const steps = {
  async 'the workbench opens the project'() {
    await page.goto(`${told.url}/?folder=${encodeURIComponent(told.project)}`);
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'var_www' }).waitFor();
  },

  async 'the verdict stands above the entry and in the status bar'() {
    await open(ENTRY);
    await lens.filter({ hasText: "PythonAnywhere: ends the server's process while it loads; visitors get 502 Bad Gateway" }).waitFor();
    await status.filter({ hasText: 'PythonAnywhere: 502' }).waitFor();
  },

  async 'findings of files that are not open are listed, with the imports that lead there'() {
    await page.keyboard.press('Control+Shift+M');
    await problem("`app.run` starts Flask's development server").waitFor();
    await problem('imports `flask_app`').waitFor();
    await problem('PythonAnywhere loads this file, which imports `website`').waitFor();
    await picture('problems');
  },

  async 'a click on the lens shows the whole verdict'() {
    await page.keyboard.press('Control+j');
    await problem('imports `flask_app`').waitFor({ state: 'detached' });
    await lens.locator('a').first().click();
    const verdict = await verdictPage();
    await verdict.getByText('Visitors get 502 Bad Gateway.').waitFor();
    await verdict.getByText('mysite/website.py:3').waitFor();
    await verdict.locator('summary').click();
    await sleep(300);
    await picture('verdict');
    await verdict.getByText(`${path.basename(path.dirname(told.app))}/${APP}:${lineOfRun}`).first().click();
    await page.locator('.tab.active', { hasText: APP }).waitFor();
    await page.locator('.statusbar-item', { hasText: `Ln ${lineOfRun}, Col ` }).waitFor();
  },

  async 'a hover explains and links the guidance'() {
    await focusEditor();
    await goTo(lineOfRun, 6);
    await command('Show or Focus Hover');
    const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: RULE }).first();
    await hover.waitFor();
    const link = hover.locator('a[data-href^="https://help.pythonanywhere.com/pages/502BadGateway/#"]').first();
    await link.waitFor();
    say('  link:', await link.getAttribute('data-href'));
    await picture('hover');
    await page.keyboard.press('Escape');
  },

  async 'a quick fix mends it, everywhere at once'() {
    await focusEditor();
    await goTo(lineOfRun, 6);
    await quickFix(GUARD, 'quickfix');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await page.keyboard.press('Control+Shift+M');
    const verdict = await verdictPage();
    await verdict.getByText('Visitors get the page, as far as can be seen.').waitFor();
    // A host that never loads the app serves no requests; now there are some.
    await verdict.getByText('POST /sign', { exact: true }).first().waitFor();
    await picture('routes');
    await focusEditor();
    await page.keyboard.press('Control+s');
    await saved(told.app, told.wanted);
  },

  async 'a killed server comes back and knows the open documents'() {
    await focusEditor();
    await page.keyboard.press('Control+z');
    await status.filter({ hasText: 'PythonAnywhere: 502' }).waitFor();
    const pid = Number(read(told.pidFile));
    process.kill(pid, 'SIGKILL');
    await waitFor('another server', () => Number(read(told.pidFile)) !== pid);
    // What is on disk serves, so only the open document can tell this.
    await problem("`app.run` starts Flask's development server").waitFor();
    await page.keyboard.press('Control+Shift+z');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await page.keyboard.press('Control+z');
    await status.filter({ hasText: 'PythonAnywhere: 502' }).waitFor();
  },

  async 'saving applies the safe fixes'() {
    await focusEditor();
    await editor.locator('.squiggly-error').first().waitFor();
    await page.locator('.tab.active.dirty', { hasText: APP }).waitFor();
    await page.keyboard.press('Control+s');
    await page.locator('.tab.active:not(.dirty)', { hasText: APP }).waitFor();
    await saved(told.app, told.wanted);
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
  },

  async 'a new entry without an application is found and gets one'() {
    fs.writeFileSync(told.second, told.secondText);
    await status.filter({ hasText: 'PythonAnywhere: 500' }).waitFor();
    await open(SECOND);
    await lens.filter({ hasText: 'loads, but has no application that the host can call' }).waitFor();
    await goTo(3, 3);
    await quickFix('Add `application = site`');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await page.keyboard.press('Control+z');
    await status.filter({ hasText: 'PythonAnywhere: 500' }).waitFor();
  },

  async 'one command applies all safe fixes of the workspace, and saves them'() {
    await command('wsgi-ls: Apply All Safe Fixes');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await page.locator('.notification-toast', { hasText: 'Applied all safe fixes, in one file.' }).getByText('Save All').click();
    await waitFor('the entry to be saved', () => read(told.second).includes('application = site'));
  },

  async 'touching the WSGI file changes its time and nothing else'() {
    fs.utimesSync(told.entry, 1_000_000, 1_000_000);
    const text = read(told.entry);
    await command('wsgi-ls: Touch the WSGI File');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: ENTRY });
    await row.click();
    await waitFor('the new time', () => fs.statSync(told.entry).mtimeMs > began - 1000);
    if (read(told.entry) !== text) throw new Error('the entry was changed');
    await page.locator('.notification-toast', { hasText: `Touched ${ENTRY}` }).waitFor();
    await command('Notifications: Clear All Notifications');
  },

  async 'what the host is told is read while it is typed'() {
    fs.writeFileSync(told.procfile, 'web: gunicorn --chdir mysite website:nothing\n');
    await status.filter({ hasText: 'gunicorn: 502' }).waitFor();
    await open('Procfile');
    await command('Select All');
    await page.keyboard.type('web: gunicorn --chdir mysite website:app');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await page.locator('.tab.active.dirty', { hasText: 'Procfile' }).waitFor();
    await page.keyboard.press('Control+s');
    await saved(told.procfile, 'web: gunicorn --chdir mysite website:app');
  },

  async 'a rule is explained'() {
    await command('wsgi-ls: Explain Rule');
    // Of what was found, only the host's advice is left.
    const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: ADVICE });
    await row.waitFor();
    await page.keyboard.press('Enter');
    await tab(ADVICE).waitFor();
    const preview = page.locator('iframe.webview.ready').last().contentFrame().locator('iframe#active-frame').contentFrame();
    await preview.getByText('What works').waitFor();
  },

  async 'without a server it is said what to do'() {
    fs.writeFileSync(told.machineSettings, JSON.stringify({ 'wsgi-ls.path': '/nowhere/wsgi-ls' }));
    await status.filter({ hasText: 'wsgi-ls: no server' }).waitFor();
    const toast = page.locator('.notification-toast', { hasText: 'the setting wsgi-ls.path, which says /nowhere/wsgi-ls' });
    await toast.getByText('Set the Path').waitFor();
    fs.writeFileSync(told.machineSettings, '{}');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await command('Notifications: Clear All Notifications');
  },

  async 'the walkthrough leads from 502 to a page'() {
    await command('View: Close All Editors');
    await page.keyboard.press('Control+j');
    await command('wsgi-ls: Why Does My Site Answer 502?');
    await page.locator('.gettingStartedContainer', { hasText: 'Ask what the host will do' }).waitFor();
    await page.locator('.gettingStartedContainer', { hasText: 'Reload the site' }).waitFor();
    await sleep(500);
    await picture('walkthrough');
  },

  async 'it starts fast'() {
    await command('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'wsgi-ls' }).first();
    // The list draws only what is in view.
    await waitFor('the extension in the list', async () => {
      await page.keyboard.press('PageDown');
      return row.isVisible();
    });
    say(' ', (await row.innerText()).replace(/\s+/g, ' '));
  },
};

let failed = false;
for (const [title, step] of Object.entries(steps)) {
  try {
    await step();
    say(title);
  } catch (error) {
    console.log(`FAILED at "${title}": ${error.message}`);
    await page.screenshot({ path: path.join(told.screenshots || told.top, 'vscode-failed.png') }).catch(() => {});
    failed = true;
    break;
  }
}
await context.close();
process.exit(failed ? 1 : 0);
