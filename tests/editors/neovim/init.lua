-- What all stories need, and nothing that a fix could depend on; what the README tells people to put into their own init.lua comes last.
vim.o.swapfile = false
-- Looking for Python takes seconds on a busy machine, and nothing here is a plugin in Python.
vim.g.loaded_python3_provider = 0
package.path = vim.env.WSGI_LS_STORIES .. '/?.lua;' .. package.path
dofile(vim.env.WSGI_LS_README)

-- Other servers for the same files, as their own documentation says.
if vim.env.WSGI_LS_BESIDE then
  vim.lsp.config('ruff', { cmd = { 'ruff', 'server' }, filetypes = { 'python' }, root_markers = { 'ruff.toml' } })
  vim.lsp.config('ty', { cmd = { 'ty', 'server' }, filetypes = { 'python' }, root_markers = { 'ruff.toml' } })
  vim.lsp.enable({ 'ruff', 'ty' })
end
