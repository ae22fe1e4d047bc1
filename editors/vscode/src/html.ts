// The text of the verdict's page. It knows neither VS Code nor the server.
import type { Finding, Folder, Place, Routes, RuleText, Verdict } from './verdict';

/** A message of the page to the extension: the names of the buttons, and what they are about. */
export interface Click {
  action: 'open' | 'route' | 'fix' | 'explain' | 'touch' | 'fixAll' | 'external';
  folder: number;
  finding?: number;
  related?: number;
  fix?: number;
  deployment?: number;
  route?: number;
  rule?: string;
  url?: string;
}

/** The whole page. `nonce` is a word that nobody can guess. */
export function page(verdict: Verdict, nonce: string): string {
  const folders = verdict.folders.map((folder, at) => folderPart(verdict, folder, at)).join('');
  // Nothing is loaded from anywhere.
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Verdict</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${nonce}">${STYLE}</style></head>
<body>${folders || NOTHING}<script nonce="${nonce}">${SCRIPT}</script></body></html>`;
}

const NOTHING = `<h1>Nothing is deployed here, as far as can be seen</h1>
<p>An entry is found by its name: <code>*_wsgi.py</code>, <code>wsgi.py</code>, <code>passenger_wsgi.py</code>, <code>*.wsgi</code>,
and a <code>flask_app.py</code>, <code>app.py</code> or <code>main.py</code> that creates an application.
The setting <code>wsgi-ls.entry</code> names any other.</p>`;

function folderPart(verdict: Verdict, folder: Folder, at: number): string {
  return folder.predictions.map((_, deployment) => deploymentPart(verdict, folder, at, deployment)).join('');
}

function deploymentPart(verdict: Verdict, folder: Folder, at: number, index: number): string {
  const prediction = folder.predictions[index];
  const deployment = folder.report.deployments[index];
  const findings = folder.report.findings.map((finding, place) => ({ finding, place })).filter((one) => one.finding.deployment === index);
  const isSafe = findings.some(({ finding }) => finding.fixes.some((fix) => fix.safety === 'safe'));
  const buttons = [
    isSafe ? button('Apply all safe fixes', { action: 'fixAll', folder: at }, 'primary') : '',
    button('Touch the WSGI file to reload', { action: 'touch', folder: at, deployment: index }),
  ];
  return `<section class="deployment ${prediction.good ? 'good' : 'bad'}">
<p class="where">${escape(prediction.host)} loads <code>${escape(deployment.entry)}</code> and calls <code>${escape(deployment.callable)}</code></p>
<h1>${escape(prediction.host)}: ${escape(prediction.does)}</h1>
<p class="visitors">${escape(sentence(prediction.visitors))}</p>
<p class="buttons">${buttons.join(' ')}</p>
${findings.map(({ finding, place }) => findingPart(finding, place, at, verdict.rules[finding.rule])).join('')}
${findings.length === 0 ? '<p>Nothing to report.</p>' : ''}
${routesPart(folder.routes?.[index], at, index)}
</section>`;
}

/** A table of what requests cost; the page is no place for hundreds of them. */
const MOST_ROUTES = 30;

function routesPart(routes: Routes | undefined, folder: number, deployment: number): string {
  if (!routes || routes.handlers.length === 0) {
    return '';
  }
  const rows = routes.handlers.slice(0, MOST_ROUTES).map((route, index) => {
    const name = route.location ? anchor(route.function, { action: 'route', folder, deployment, route: index }) : escape(route.function);
    return `<tr class="${route.exceeds ? 'exceeds' : ''}"><td>${prose(route.label)}</td><td>${name}</td><td>${escape(route.cost)}</td></tr>`;
  });
  const left = routes.handlers.length - rows.length;
  return `<h2>What requests cost</h2>
<p class="note">${prose(`A request is allowed ${routes.budget}. Only waiting that the code itself asks for is counted.`)}</p>
<table>${rows.join('')}</table>${left > 0 ? `<p class="note">and ${left} more</p>` : ''}`;
}

function findingPart(finding: Finding, index: number, folder: number, rule: RuleText | undefined): string {
  const fixes = finding.fixes.map((fix, at) => {
    const note = fix.safety === 'safe' ? '' : ' <span class="note">look at it before you save</span>';
    return `<li>${button(fix.title, { action: 'fix', folder, finding: index, fix: at }, at === 0 ? 'primary' : '')}${note}</li>`;
  });
  const trail = finding.related.map(
    (related, at) => `<li>${link(related, { action: 'open', folder, finding: index, related: at })} ${prose(related.message)}</li>`,
  );
  const pages = (rule?.pages ?? []).map((page) => anchor(page.title, { action: 'external', folder, url: page.url }));
  return `<article class="${finding.severity}">
<h2><span class="severity">${finding.severity}</span> ${link(finding, { action: 'open', folder, finding: index })}</h2>
<p>${prose(finding.message)}</p>
${trail.length > 0 ? `<ol class="trail">${trail.join('')}</ol>` : ''}
${rule ? `<details><summary>Why: ${prose(rule.summary)}</summary>${paragraphs(rule.explanation)}</details>` : ''}
${fixes.length > 0 ? `<ul class="fixes">${fixes.join('')}</ul>` : ''}
<p class="more">${anchor(`More about ${finding.rule}`, { action: 'explain', folder, rule: finding.rule })}${pages.map((one) => ` · ${one}`).join('')}</p>
</article>`;
}

function link(place: Place, click: Click): string {
  return anchor(`${place.file}:${place.range.start.line}`, click);
}

function anchor(text: string, click: Click): string {
  return `<a href="#" data-click="${escape(JSON.stringify(click))}">${escape(text)}</a>`;
}

function button(text: string, click: Click, look = ''): string {
  return `<button class="${look}" data-click="${escape(JSON.stringify(click))}">${prose(text)}</button>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The paragraphs and lists of the guidance's Markdown. */
function paragraphs(markdown: string): string {
  return markdown
    .split(/\n\s*\n/)
    .map((block) =>
      /^[-*] /.test(block)
        ? `<ul>${block.split(/\n(?=[-*] )/).map((item) => `<li>${prose(item.slice(2))}</li>`).join('')}</ul>`
        : `<p>${prose(block)}</p>`,
    )
    .join('');
}

/** Text with the Markdown that stands inside a line: code, strong words, links. */
function prose(text: string): string {
  return escape(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

const SCRIPT = `
const api = acquireVsCodeApi();
document.body.addEventListener('click', (event) => {
  const target = event.target.closest('[data-click]');
  if (target) {
    event.preventDefault();
    api.postMessage(JSON.parse(target.dataset.click));
  }
});`;

const STYLE = `
body { max-width: 52rem; margin: 0 auto; padding: 0.6rem 1.2rem 3rem; line-height: 1.5; }
h1 { font-size: 1.3rem; font-weight: 600; margin: 0.2rem 0; }
h2 { font-size: 1.05rem; font-weight: 600; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
.where, .note, .more { color: var(--vscode-descriptionForeground); }
.where { margin: 0; }
.visitors { font-size: 1.1rem; margin: 0.2rem 0 0.8rem; }
.deployment { margin: 1rem 0 2.5rem; }
.bad h1 { color: var(--vscode-errorForeground); }
.good h1 { color: var(--vscode-testing-iconPassed); }
.vscode-light .good h1 { color: #2e7d32; }
article { border-left: 3px solid var(--vscode-editorInfo-foreground); margin: 1rem 0; padding: 0.7rem 1rem; background: var(--vscode-textBlockQuote-background); }
article.error { border-color: var(--vscode-editorError-foreground); }
article.warning { border-color: var(--vscode-editorWarning-foreground); }
article p { margin: 0.4rem 0; }
.severity { font-weight: 400; text-transform: uppercase; font-size: 0.75rem; letter-spacing: 0.05em; margin-right: 0.4rem; }
.error .severity { color: var(--vscode-editorError-foreground); }
.warning .severity { color: var(--vscode-editorWarning-foreground); }
.trail { margin: 0.4rem 0; padding-left: 1.4rem; }
.fixes { list-style: none; margin: 0.6rem 0; padding: 0; }
.fixes li { margin: 0.3rem 0; }
table { border-collapse: collapse; }
td { padding: 0.15rem 1.2rem 0.15rem 0; vertical-align: top; }
.exceeds td { color: var(--vscode-errorForeground); }
details { margin: 0.5rem 0; }
summary { cursor: pointer; }
a { color: var(--vscode-textLink-foreground); text-decoration: none; }
a:hover { text-decoration: underline; }
code { font-family: var(--vscode-editor-font-family); font-size: 0.95em; }
button { font: inherit; border: 0; border-radius: 2px; padding: 0.25rem 0.7rem; cursor: pointer;
  background: var(--vscode-button-secondaryBackground); color: var(--vscode-button-secondaryForeground); }
button.primary { background: var(--vscode-button-background); color: var(--vscode-button-foreground); }
button code { background: none; color: inherit; }
`;
