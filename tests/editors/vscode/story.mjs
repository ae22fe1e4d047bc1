// The first use: from "502 Bad Gateway" to a page. run.py reads the files from disk afterwards.
import fs from 'node:fs';
import path from 'node:path';
import {
  began, choose, command, editor, focusEditor, goTo, lens, open, page, picture, problem, quickFix, read, saved, say, status, tab, told, verdictPage, waitFor,
} from './driver.mjs';

const RULE = 'server-started-at-import';
const ADVICE = 'shared-global-state';
const GUARD = 'Put `app.run()` under `if __name__ == "__main__":`';
const APP = path.basename(told.app);
const ENTRY = path.basename(told.entry);
const SECOND = path.basename(told.second);

const lineOfRun = read(told.app).split('\n').findIndex((line) => line.startsWith('app.run(')) + 1;

/** Its steps, each with what it shows. */
export const steps = {
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
    // Without the side bar there is room for both.
    await page.keyboard.press('Control+b');
    await page.locator('.explorer-folders-view').waitFor({ state: 'hidden' });
    await lens.locator('a').first().click();
    const verdict = await verdictPage();
    await verdict.getByText('Visitors get 502 Bad Gateway.').waitFor();
    await verdict.getByText('mysite/website.py:3').waitFor();
    await picture('verdict');
    await verdict.locator('summary').click();
    await verdict.locator('details[open]').getByText('A host runs its own web server.').waitFor();
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
    // VS Code asks before it opens a page outside; that it asks for this one shows that the link works.
    await link.click();
    const asks = page.locator('.monaco-dialog-box', { hasText: 'https://help.pythonanywhere.com/pages/502BadGateway/' });
    await asks.waitFor();
    await asks.getByRole('button', { name: 'Cancel' }).click();
    await asks.waitFor({ state: 'detached' });
  },

  async 'a quick fix mends it, everywhere at once'() {
    await focusEditor();
    await goTo(lineOfRun, 6);
    await quickFix('Remove `app.run()`');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    await focusEditor();
    await page.keyboard.press('Control+z');
    await status.filter({ hasText: 'PythonAnywhere: 502' }).waitFor();
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
