// Touching the WSGI file, which is how hosts are told to import the app anew.
import { promises as fs } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Verdict } from './verdict';

/** Sets the modification time of an entry to now. `entry` is its URI; without one, the user chooses where there are several. */
export async function touch(verdict: Verdict, entry?: string): Promise<void> {
  const entries = [...new Set(verdict.folders.flatMap((folder) => folder.predictions.map((one) => one.uri ?? '')))].filter(Boolean);
  const chosen = entry ?? (entries.length > 1 ? await choose(entries) : entries[0]);
  if (!chosen) {
    if (entries.length === 0) {
      void vscode.window.showInformationMessage('wsgi-ls knows of no WSGI file in this workspace.');
    }
    return;
  }
  const uri = vscode.Uri.parse(chosen);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  // A file with unsaved changes is to be saved, which touches it too.
  if (open?.isDirty) {
    await open.save();
  }
  const now = new Date();
  await fs.utimes(uri.fsPath, now, now);
  const name = path.basename(uri.fsPath);
  void vscode.window.showInformationMessage(
    `Touched ${name}. A host that serves this very file imports the app anew; a copy on another machine has to be uploaded.`,
  );
}

async function choose(entries: string[]): Promise<string | undefined> {
  const items = entries.map((entry) => ({ label: vscode.workspace.asRelativePath(vscode.Uri.parse(entry)), entry }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which WSGI file?' }))?.entry;
}
