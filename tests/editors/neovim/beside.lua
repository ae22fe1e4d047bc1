-- wsgi-ls beside ruff and ty in one buffer: who says what, and that no fix of the one undoes the other's. Started by run.py in a folder
-- with ruff.toml, flask_app.py and wsgi.py, which is the open file.

local story = require('story')
local say, wait_for = story.say, story.wait_for

local IMPORT = 'from flask_app import app as application'

local function text()
  return story.text_of(0)
end

local function found(source, code)
  return vim.iter(vim.diagnostic.get(0)):any(function(one)
    return one.source and one.source:lower() == source and (code == nil or one.code == code)
  end)
end

--- Asks one server for its actions of a kind on the whole buffer, and applies those that `wanted` takes.
local function apply(name, kind, wanted)
  local client = vim.lsp.get_clients({ bufnr = 0, name = name })[1]
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  params.range['end'] = { line = vim.api.nvim_buf_line_count(0), character = 0 }
  params.context = { only = { kind }, diagnostics = {} }
  local answer = assert(client:request_sync('textDocument/codeAction', params, story.PATIENCE_MS, 0))
  local applied = 0
  for _, action in ipairs(answer.result or {}) do
    if wanted(action) then
      if not action.edit then
        action = assert(client:request_sync('codeAction/resolve', action, story.PATIENCE_MS, 0)).result
      end
      if action.edit then
        vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
        applied = applied + 1
      end
    end
  end
  return applied
end

local function anything() return true end

story.run(function()
  wait_for('all three servers', function()
    return vim.iter({ 'ruff', 'ty', 'wsgi_ls' }):all(function(name)
      local client = vim.lsp.get_clients({ bufnr = 0, name = name })[1]
      return client ~= nil and client.initialized
    end)
  end)
  wait_for('ruff to take the application for an unused import', function() return found('ruff', 'F401') end)
  wait_for('wsgi-ls to warn of that', function() return found('wsgi-ls', 'fragile-entry-import') end)

  -- What it warns of: ruff's fix all takes the application away.
  apply('ruff', 'source.fixAll.ruff', anything)
  wait_for('ruff to remove the import', function() return text():find(IMPORT, 1, true) == nil end)
  wait_for('wsgi-ls to miss the application', function() return found('wsgi-ls', 'application-missing') end)
  vim.cmd('silent undo')
  wait_for('the import to be back', function() return text():find(IMPORT, 1, true) ~= nil and found('wsgi-ls', 'fragile-entry-import') end)

  -- After our fix, ruff has nothing left to do.
  if apply('wsgi_ls', 'quickfix', function(action) return action.isPreferred end) ~= 1 then
    error('wsgi-ls offers no preferred fix', 0)
  end
  wait_for('both to be content', function() return not found('ruff') and not found('wsgi-ls') end)
  local mended = text()
  apply('ruff', 'source.fixAll.ruff', anything)
  apply('ruff', 'source.organizeImports.ruff', anything)
  apply('wsgi_ls', 'source.fixAll.wsgi-ls', anything)
  if text() ~= mended then
    error('a fix undoes another one\n' .. mended .. '\n--- became\n' .. text(), 0)
  end
  say('no fix of the one undoes the other\'s')

  -- Each tells of a syntax error, until one is told not to.
  vim.api.nvim_buf_set_lines(0, -1, -1, true, { 'x = )' })
  wait_for('ruff to tell of the syntax error', function() return found('ruff', 'invalid-syntax') end)
  wait_for('wsgi-ls to tell of the syntax error', function() return found('wsgi-ls', 'syntax-error') end)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'wsgi_ls' })[1]
  client.settings = { ['wsgi-ls'] = { rules = { ['syntax-error'] = 'off' } } }
  client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  wait_for('wsgi-ls to leave it to ruff', function() return not found('wsgi-ls') and found('ruff') end)
end)
