// Starts `ruff server` from the PATH, as ruff's own extension does. That one is in the registries of extensions only, where a test is not to depend
// on; what it adds to this (settings, a bundled ruff) changes nothing of what happens on save.
import { LanguageClient } from 'vscode-languageclient/node';
import * as vscode from 'vscode';

let client;

export async function activate() {
  const outputChannel = vscode.window.createOutputChannel('Ruff', { log: true });
  const options = { documentSelector: [{ scheme: 'file', language: 'python' }], outputChannel };
  client = new LanguageClient('ruff', 'Ruff', { command: 'ruff', args: ['server'] }, options);
  await client.start();
}

export const deactivate = () => client?.stop();
