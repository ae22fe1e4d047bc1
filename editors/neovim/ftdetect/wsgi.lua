-- Apache and mod_wsgi call their entry `app.wsgi`; Neovim does not know by itself that it is Python, nor what some of the
-- files are in which hosts are configured.
vim.filetype.add({
  extension = { wsgi = 'python', service = 'systemd' },
  filename = { Procfile = 'procfile' },
  pattern = {
    ['.*/Procfile%..*'] = 'procfile',
    ['.*/supervisord?%.conf'] = 'dosini',
    ['.*/%.ebextensions/.*%.config'] = 'yaml',
    -- A type of its own, so that other logs stay what they are.
    ['.*error[._]log.*'] = 'wsgilog',
    ['.*server[._]log.*'] = 'wsgilog',
    ['.*access[._]log.*'] = 'wsgilog',
    ['.*uwsgi.*%.log.*'] = 'wsgilog',
    ['.*gunicorn.*%.log.*'] = 'wsgilog',
    ['.*apache.*%.log.*'] = 'wsgilog',
  },
})
