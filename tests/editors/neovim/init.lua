-- What the README of editors/neovim tells people to put into their own init.lua, and nothing that a fix could depend on.
vim.o.swapfile = false
-- Looking for Python takes seconds on a busy machine, and nothing here is a plugin in Python.
vim.g.loaded_python3_provider = 0
vim.opt.runtimepath:append(vim.env.WSGI_LS_NEOVIM)
vim.lsp.enable('wsgi_ls')

-- Other servers for the same files, as their own documentation says.
if vim.env.WSGI_LS_BESIDE then
  vim.lsp.config('ruff', { cmd = { 'ruff', 'server' }, filetypes = { 'python' }, root_markers = { 'ruff.toml' } })
  vim.lsp.config('ty', { cmd = { 'ty', 'server' }, filetypes = { 'python' }, root_markers = { 'ruff.toml' } })
  vim.lsp.enable({ 'ruff', 'ty' })
end
