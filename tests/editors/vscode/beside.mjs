// Beside ruff: its real server, by a client as thin as its extension, which removes unused imports whenever a file is saved.
import fs from 'node:fs';
import path from 'node:path';
import { editor, focusEditor, goTo, open, page, picture, problem, quickFix, read, save, saved, status, told, waitFor } from './driver.mjs';

const ENTRY = path.join(told.beside, 'wsgi.py');
const IMPORT = 'from flask_app import app as application';
const hint = editor.locator('.squiggly-hint').first();
const settings = path.join(told.beside, '.vscode', 'settings.json');

function set(values) {
  fs.writeFileSync(settings, JSON.stringify(values));
}

export const steps = {
  async 'both tell of the import, each what it knows'() {
    await open('wsgi.py');
    await page.keyboard.press('Control+Shift+M');
    await problem('imported but unused').waitFor();
    await page.keyboard.press('Control+j');
    // Hints stand at their place, and in no list.
    await hint.waitFor();
    await picture('beside-ruff');
  },

  async 'what the rule warns of: fix all on save takes the application away'() {
    await focusEditor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# saved');
    await save('wsgi.py');
    await waitFor('ruff to remove the import', () => !read(ENTRY).includes(IMPORT));
    await status.filter({ hasText: '500' }).waitFor();
    fs.writeFileSync(ENTRY, `${IMPORT}\n`);
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
  },

  async 'after our fix, fix all on save leaves the application alone'() {
    await focusEditor();
    await goTo(1, 5);
    await quickFix(told.keep);
    await page.locator('.tab.active.dirty', { hasText: 'wsgi.py' }).waitFor();
    await save('wsgi.py');
    await page.keyboard.press('Control+Shift+M');
    await hint.waitFor({ state: 'detached' });
    await problem('imported but unused').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+j');
    const mended = read(ENTRY);
    await focusEditor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# saved');
    await page.keyboard.press('Enter');
    await save('wsgi.py');
    await saved(ENTRY, `${mended}# saved\n`);
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
  },

  async 'one of them alone tells of a syntax error'() {
    set({ 'editor.codeActionsOnSave': told.onSave, 'wsgi-ls.rules': { 'syntax-error': 'off' } });
    await focusEditor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('x = )');
    await page.keyboard.press('Control+Shift+M');
    const all = page.locator('.markers-panel .monaco-list-row .marker-source');
    await problem('invalid-syntax').first().waitFor();
    await waitFor('ruff alone to tell of it', async () => (await all.allInnerTexts()).every((source) => source.trim() === 'Ruff'));
    await page.keyboard.press('Control+j');
    await focusEditor();
    await page.keyboard.press('Control+z');
  },
};
