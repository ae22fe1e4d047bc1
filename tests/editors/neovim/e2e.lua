-- The first use: see the finding, read why, take the fix, save. Started by run.py, which also says what WSGI_LS_PROJECT and WSGI_LS_OUTSIDE
-- are and reads the file from disk afterwards.
local story = require('story')
local say, fail, wait_for = story.say, story.fail, story.wait_for

local RULE = 'server-started-at-import'
local GUARD = 'Put `app.run()` under `if __name__ == "__main__":`'
local APP = vim.api.nvim_buf_get_name(0)

local function finding()
  return story.findings(RULE)[1]
end

local function finding_appears()
  local found = wait_for('the finding', finding)
  local line = vim.api.nvim_buf_get_lines(0, found.lnum, found.lnum + 1, true)[1]
  if not line:find('^app%.run%(') then
    fail('the finding is at line %d, which is %s', found.lnum + 1, vim.inspect(line))
  end
  if found.severity ~= vim.diagnostic.severity.ERROR then
    fail('the finding is no error but has severity %s', found.severity)
  end
  if not found.message:find('while PythonAnywhere imports', 1, true) then
    fail('the finding says %s', found.message)
  end
  return found
end

--- The imports that lead to the finding, in the files that do them.
local function related_places_lead_there(found)
  local places = vim.tbl_map(function(one)
    return string.format('%s:%d %s', vim.fs.basename(vim.uri_to_fname(one.location.uri)), one.location.range.start.line + 1, one.message)
  end, found.user_data.lsp.relatedInformation or {})
  local told = table.concat(places, '\n')
  for _, wanted in ipairs({ 'jane_pythonanywhere_com_wsgi.py:14 PythonAnywhere loads this file, which imports `website`', 'website.py:3 imports `flask_app`' }) do
    if not told:find(wanted, 1, true) then
      fail('the related places are\n%s\nwithout\n%s', told, wanted)
    end
  end
  say('related places: %s', table.concat(places, '; '))
end

--- The hover explains, names the places that lead there, and its link is one that `gx` opens.
local function hover_explains(found)
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  vim.lsp.buf.hover()
  local float = wait_for('the hover window', function()
    return vim.iter(vim.api.nvim_list_wins()):find(function(window) return vim.api.nvim_win_get_config(window).relative ~= '' end)
  end)
  local text = story.text_of(vim.api.nvim_win_get_buf(float))
  for _, wanted in ipairs({ 'the import of the app starts a server of its own', 'imports `flask_app`' }) do
    if not text:find(wanted, 1, true) then
      fail('the hover does not tell "%s" but\n%s', wanted, text)
    end
  end
  local opened
  vim.ui.open = function(link)
    opened = link
    return { wait = function() return { code = 0 } end }
  end
  vim.api.nvim_set_current_win(float)
  vim.fn.search('https://help\\.pythonanywhere\\.com')
  vim.cmd.normal('gx')
  local link = wait_for('`gx` to open the link of the hover', function() return opened end)
  local guide = vim.fn.getline('.'):match('(https://help%.pythonanywhere%.com/pages/[^%s>)]+)')
  if link ~= guide or not link:find('#', 1, true) then
    fail('the link %s was opened as %s', guide, link)
  end
  vim.api.nvim_win_close(float, true)
  say('hover links %s', link)
end

local function predicts(wanted)
  local client = vim.lsp.get_clients({ name = 'wsgi_ls' })[1]
  -- The answer tells of the text as it is now, so nothing has to be waited for.
  local answer = assert(client:request_sync('wsgi-ls/verdict', vim.empty_dict(), story.PATIENCE_MS, 0)).result
  local does = answer.folders[1].predictions[1].does
  if not does:find(wanted, 1, true) then
    fail('the server says that the host %s instead of %s', does, wanted)
  end
end

local function fixes_apply()
  local broken = story.text_of(0)
  story.take('Remove `app.run()`', finding())
  wait_for('the finding to go away with the call', function() return not finding() end)
  if story.text_of(0):find('app.run', 1, true) then
    fail('the call is still there\n%s', story.text_of(0))
  end
  vim.cmd('silent undo')
  wait_for('the finding to be back after an undo', finding)
  if story.text_of(0) ~= broken then
    fail('an undo does not take the fix back')
  end
  if not story.take(GUARD, finding()).isPreferred then
    fail('%s is not the preferred action', GUARD)
  end
  wait_for('the finding to go away', function() return not finding() end)
  vim.cmd('silent write')
  predicts('serves')
end

--- A file of no WSGI project starts no server. A file that is opened after it does, so that nothing is left to wait for.
local function stays_out()
  story.edit(vim.env.WSGI_LS_OUTSIDE)
  local outside = vim.api.nvim_get_current_buf()
  if vim.bo.filetype ~= 'python' then
    fail('%s is opened as %s', vim.env.WSGI_LS_OUTSIDE, vim.bo.filetype)
  end
  story.edit(vim.fs.joinpath(vim.env.WSGI_LS_PROJECT, 'mysite', 'website.py'))
  story.server()
  if #vim.lsp.get_clients({ bufnr = outside }) > 0 then
    fail('the server attached to %s, which belongs to no WSGI project', vim.env.WSGI_LS_OUTSIDE)
  end
  say('stays out of %s', vim.env.WSGI_LS_OUTSIDE)
end

story.run(function()
  local version = vim.version()
  say('Neovim %d.%d.%d opened %s', version.major, version.minor, version.patch, APP)
  local client = story.server()
  if client.root_dir ~= vim.env.WSGI_LS_PROJECT or #vim.lsp.get_clients({ bufnr = 0 }) ~= 1 then
    fail('the project is %s instead of %s', client.root_dir, vim.env.WSGI_LS_PROJECT)
  end
  local found = finding_appears()
  related_places_lead_there(found)
  hover_explains(found)
  fixes_apply()
  stays_out()
  client:stop()
  wait_for('the server to stop', function() return vim.lsp.get_client_by_id(client.id) == nil end)
end)
