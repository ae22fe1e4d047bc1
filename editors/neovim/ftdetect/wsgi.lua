-- Apache and mod_wsgi call their entry `app.wsgi`; Neovim does not know by itself that it is Python.
vim.filetype.add({ extension = { wsgi = 'python' }, filename = { Procfile = 'procfile' } })
