// The tour: a site without an application, whose slow request moves to a background task, and its host's configuration. run.py compares all
// files afterwards.
import { command, goTo, lens, open, page, picture, problem, quickFix, save, status, told } from './driver.mjs';

export const steps = {
  async 'a missing application is exposed'() {
    await open('wsgi.py');
    await lens.filter({ hasText: 'loads, but has no application that the host can call' }).waitFor();
    await goTo(3, 27);
    await quickFix('Add `application = site`');
    await save('wsgi.py');
    await status.filter({ hasText: 'uWSGI: timeout' }).waitFor();
  },

  async 'slow work moves to a task, in four files at once'() {
    await page.keyboard.press('Control+Shift+M');
    await problem('`harakiri` of uWSGI is 30 seconds').waitFor();
    await problem('calls `collect`').waitFor();
    await page.keyboard.press('Control+j');
    await open('reports.py');
    await goTo(29, 10);
    await quickFix(told.move, 'move');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
    // A message goes away after a while, but not from this list.
    await command('Notifications: Show Notifications');
    await page.locator('.notifications-center', { hasText: 'huey_consumer' }).waitFor();
    await picture('moved');
    await command('Notifications: Clear All Notifications');
    await command('File: Save All');
  },

  async 'a configuration leads to the callable that it names'() {
    await open('uwsgi.ini');
    await goTo(2, 18);
    await page.keyboard.press('F12');
    await page.locator('.tab.active', { hasText: 'wsgi.py' }).waitFor();
    await page.locator('.statusbar-item', { hasText: 'Ln 5, Col ' }).waitFor();
  },

  async 'options are completed with what they do'() {
    await open('uwsgi.ini');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('max-req');
    await page.keyboard.press('Control+Space');
    const widget = page.locator('.suggest-widget.visible');
    await widget.locator('.monaco-list-row.focused', { hasText: 'max-requests' }).first().waitFor();
    await picture('completion');
    await page.keyboard.press('Enter');
    await widget.waitFor({ state: 'hidden' });
    await page.keyboard.type('1000');
    await page.keyboard.press('Enter');
    await save('uwsgi.ini');
    await status.filter({ hasText: 'WSGI serves' }).waitFor();
  },
};
