// Which documents go to the server.
import type { DocumentFilter } from 'vscode-languageclient/node';
import kinds from '../../kinds.json';

/** The documents of every kind of file that the server reads, as far as they are files of this machine. */
export const documentSelector: DocumentFilter[] = kinds.flatMap((kind) =>
  kind.selectors.map((selector) => ({ scheme: 'file', ...selector }) as DocumentFilter),
);
