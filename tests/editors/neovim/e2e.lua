-- Drives one Neovim through the story that its user lives: see the finding, read why, take the fix, save.
-- Started by run.py, which also says what WSGI_LS_PROJECT and WSGI_LS_OUTSIDE are and reads the file from disk afterwards.

local PATIENCE_MS = 30000
local RULE = 'server-started-at-import'
local FIX = 'Put `app.run()` under `if __name__ == "__main__":`'

local began = vim.uv.hrtime()

local function say(...)
  local at = math.floor((vim.uv.hrtime() - began) / 1e6)
  io.stdout:write(string.format('[%5d ms] ', at), string.format(...), '\n')
  io.stdout:flush()
end

local function fail(...)
  error(string.format(...), 0)
end

local function wait_for(what, condition)
  if not vim.wait(PATIENCE_MS, condition, 20) then
    fail('waited %d s in vain for %s', PATIENCE_MS / 1000, what)
  end
end

local function findings()
  return vim.tbl_filter(function(one) return one.code == RULE end, vim.diagnostic.get(0))
end

local function described(diagnostics)
  local lines = vim.tbl_map(function(one)
    return string.format('  %d:%d [%s] %s', one.lnum + 1, one.col + 1, one.code, one.message)
  end, diagnostics)
  return #lines == 0 and '  (none)' or table.concat(lines, '\n')
end

local function server_starts(project)
  wait_for('the server to attach', function()
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    return client ~= nil and client.initialized
  end)
  local clients = vim.lsp.get_clients({ bufnr = 0 })
  if #clients ~= 1 then
    fail('%d servers attached instead of one', #clients)
  end
  if clients[1].root_dir ~= project then
    fail('the project is %s instead of %s', clients[1].root_dir, project)
  end
  say('%s attached to %s, positions in %s', clients[1].name, clients[1].root_dir, clients[1].offset_encoding)
  return clients[1]
end

local function finding_appears()
  local ok = vim.wait(PATIENCE_MS, function() return #findings() > 0 end, 20)
  if not ok then
    fail('no `%s` was reported; there is only\n%s', RULE, described(vim.diagnostic.get(0)))
  end
  local finding = findings()[1]
  local line = vim.api.nvim_buf_get_lines(0, finding.lnum, finding.lnum + 1, true)[1]
  if not line:find('^app%.run%(') then
    fail('the finding is at line %d, which is %s', finding.lnum + 1, vim.inspect(line))
  end
  if finding.severity ~= vim.diagnostic.severity.ERROR then
    fail('the finding is no error but has severity %s', finding.severity)
  end
  say('finding at %d:%d: %s', finding.lnum + 1, finding.col + 1, finding.message)
  return finding
end

local function hover_explains(finding)
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  vim.lsp.buf.hover()
  local float
  wait_for('the hover window', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        float = window
      end
    end
    return float ~= nil
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float), 0, -1, true), '\n')
  local link = text:match('https://help%.pythonanywhere%.com/pages/[%w/#_%-]+')
  if not link then
    fail('the hover links no page of PythonAnywhere:\n%s', text)
  end
  vim.api.nvim_win_close(float, true)
  say('hover links %s', link)
end

local function fix_applies()
  local menu, chosen
  vim.ui.select = function(items, _, on_choice)
    menu = vim.tbl_map(function(item) return item.action.title end, items)
    for index, item in ipairs(items) do
      if item.action.title == FIX then
        chosen = item.action
        return on_choice(item, index)
      end
    end
    on_choice(nil, nil)
  end
  local before = vim.b.changedtick
  vim.lsp.buf.code_action()
  wait_for('the menu of code actions', function() return menu ~= nil end)
  for index, title in ipairs(menu) do
    say('menu %d: %s', index, title)
  end
  if not chosen then
    fail('the menu does not offer %s', FIX)
  end
  if not chosen.isPreferred then
    fail('%s is not the preferred action', FIX)
  end
  wait_for('the fix to change the buffer', function() return vim.b.changedtick ~= before end)
  say('applied: %s', chosen.title)
end

local function stays_out(path)
  vim.cmd.edit(vim.fn.fnameescape(path))
  if vim.bo.filetype ~= 'python' then
    fail('%s is opened as %s', path, vim.bo.filetype)
  end
  if vim.wait(500, function() return #vim.lsp.get_clients({ bufnr = 0 }) > 0 end, 20) then
    fail('the server attached to %s, which belongs to no WSGI project', path)
  end
  say('stays out of %s', path)
end

local function story()
  local version = vim.version()
  say('Neovim %d.%d.%d opened %s', version.major, version.minor, version.patch, vim.api.nvim_buf_get_name(0))
  local client = server_starts(vim.env.WSGI_LS_PROJECT)
  local finding = finding_appears()
  hover_explains(finding)
  fix_applies()
  wait_for('the finding to go away', function() return #findings() == 0 end)
  vim.cmd('silent write')
  -- Saving makes the server look again; nothing may come back.
  -- What the host only advises may stay.
  if vim.wait(500, function() return #vim.diagnostic.get(0, { severity = { min = vim.diagnostic.severity.WARN } }) > 0 end, 20) then
    fail('after the fix was saved there is still\n%s', described(vim.diagnostic.get(0)))
  end
  say('saved, no finding is left')
  stays_out(vim.env.WSGI_LS_OUTSIDE)
  client:stop()
  wait_for('the server to stop', function() return vim.lsp.get_client_by_id(client.id) == nil end)
  say('the server stopped')
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = function()
    vim.schedule(function()
      local ok, problem = xpcall(story, function(message)
        return type(message) == 'string' and message or debug.traceback(vim.inspect(message))
      end)
      if ok then
        vim.cmd('qall!')
      else
        io.stdout:write('\nFAILED: ', problem, '\n')
        vim.cmd('cquit 1')
      end
    end)
  end,
})
