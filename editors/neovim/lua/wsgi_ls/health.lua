-- `:checkhealth wsgi_ls`

local M = {}

local function check_program(config)
  local name = config.cmd[1]
  local program = vim.fn.exepath(name)
  if program == '' then
    vim.health.error(string.format('there is no program `%s` on the PATH', name), {
      '`cargo install --path .` in a clone of wsgi-ls installs it',
      "or say where it is: vim.lsp.config('wsgi_ls', { cmd = { '/path/to/wsgi-ls', 'lsp' } })",
    })
    return
  end
  local done = vim.system({ program, '--version' }, { text = true }):wait(5000)
  if done.code == 0 then
    vim.health.ok(string.format('%s, at %s', vim.trim(done.stdout), program))
  else
    vim.health.error(string.format('%s does not run: %s', program, vim.trim(done.stderr or '')))
  end
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = 'wsgi_ls' })
  if #clients == 0 then
    vim.health.info('no server runs; it starts with the first file of a WSGI project (`:help wsgi-ls-start`)')
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    vim.health.ok(string.format('a server runs for %s, with %d buffer(s)', client.root_dir, buffers))
  end
end

function M.check()
  vim.health.start('wsgi-ls')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or later is needed')
    return
  end
  if vim.lsp.is_enabled and not vim.lsp.is_enabled('wsgi_ls') then
    vim.health.warn('the server is not enabled', { "put vim.lsp.enable('wsgi_ls') into your init.lua" })
  end
  check_program(vim.lsp.config.wsgi_ls)
  check_clients()
  if vim.filetype.match({ filename = 'site.wsgi' }) == 'python' then
    vim.health.ok('`*.wsgi` files are opened as Python')
  else
    vim.health.warn('`*.wsgi` files are not opened as Python', { 'put all of editors/neovim on the runtime path' })
  end
end

return M
