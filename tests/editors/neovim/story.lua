-- What the stories that drive Neovim share: telling, waiting for a condition, failing with the reason.
local M = {}

--- No step takes this long (milliseconds) on any machine; one that does has failed.
M.PATIENCE_MS = 60000

local began = vim.uv.hrtime()

function M.say(...)
  io.stdout:write(string.format('[%5d ms] ', math.floor((vim.uv.hrtime() - began) / 1e6)), string.format(...), '\n')
  io.stdout:flush()
end

function M.fail(...)
  error(string.format(...), 0)
end

--- All text of a buffer, without the end of its last line.
function M.text_of(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n')
end

--- Waits until a condition gives something, and gives it back.
function M.wait_for(what, condition)
  local found
  local ok = vim.wait(M.PATIENCE_MS, function()
    found = condition()
    return found
  end, 20)
  if not ok then
    local said = vim.tbl_map(function(one) return string.format('%s:%d [%s] %s', one.source, one.lnum + 1, one.code, one.message) end,
      vim.diagnostic.get(0))
    M.fail('waited in vain for %s, in\n%s\nwith the findings\n%s', what, M.text_of(0), table.concat(said, '\n'))
  end
  M.say('%s', what)
  return found
end

function M.edit(path)
  vim.cmd.edit(vim.fn.fnameescape(path))
end

--- The findings of the current buffer with that code.
function M.findings(code)
  return vim.tbl_filter(function(one) return one.code == code end, vim.diagnostic.get(0))
end

--- The titles of the code lenses of the current buffer.
function M.lens_titles()
  return vim.tbl_map(function(one)
    local lens = one.lens or one
    return lens.command and lens.command.title or ''
  end, vim.lsp.codelens.get(0) or {})
end

--- The server that this buffer talks to, once it does.
function M.server(name)
  return M.wait_for('the server to attach', function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = name or 'wsgi_ls' })[1]
    return client and client.initialized and client
  end)
end

--- Opens the menu of code actions on a finding, takes one by its title, and waits for what it changes. Returns the action.
function M.take(title, finding)
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  local menu, chosen
  local before = vim.ui.select
  vim.ui.select = function(items, _, on_choice)
    menu = vim.tbl_map(function(item) return item.action.title end, items)
    for index, item in ipairs(items) do
      if item.action.title == title then
        chosen = item.action
        return on_choice(item, index)
      end
    end
    on_choice(nil, nil)
  end
  local tick = vim.b.changedtick
  vim.lsp.buf.code_action()
  M.wait_for('the menu of code actions', function() return menu end)
  vim.ui.select = before
  if not chosen then
    M.fail('the menu does not offer %s but\n%s', title, table.concat(menu, '\n'))
  end
  M.wait_for('applied: ' .. title, function() return vim.b.changedtick ~= tick end)
  return chosen
end

--- Runs a story once Neovim has started, and ends Neovim: with 0 when all went as it should.
function M.run(story)
  vim.api.nvim_create_autocmd('VimEnter', {
    callback = vim.schedule_wrap(function()
      local ok, problem = xpcall(story, function(message)
        return type(message) == 'string' and message or debug.traceback(vim.inspect(message))
      end)
      if not ok then
        io.stdout:write('\nFAILED: ', problem, '\n', vim.fn.execute('messages'), '\n')
        vim.cmd('cquit 1')
      end
      vim.cmd('qall!')
    end),
  })
end

return M
