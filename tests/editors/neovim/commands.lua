-- What editors/neovim adds to Neovim: code lenses, `:WsgiLs`, `:checkhealth`. Started by run.py, which also says what WSGI_LS_APP,
-- WSGI_LS_PROJECT, WSGI_LS_ENTRY, WSGI_LS_WANTED and WSGI_LS_PID are: the project, two files of it, the first one's text after the safe fixes, and the
-- file that names the process of the server.

local story = require('story')
local say, wait_for, text_of = story.say, story.wait_for, story.text_of

local RULE = 'server-started-at-import'
local APP, ENTRY, WANTED = vim.env.WSGI_LS_APP, vim.env.WSGI_LS_ENTRY, vim.env.WSGI_LS_WANTED

--- Waits for a buffer whose name ends like this to hold some text.
local function wait_for_page(name, text)
  wait_for(name .. ' shows ' .. vim.inspect(text), function()
    return vim.endswith(vim.api.nvim_buf_get_name(0), name) and text_of(0):find(text, 1, true) ~= nil
  end)
end

--- What keeps the site from serving, without what the host only advises.
local function findings()
  return vim.diagnostic.get(0, { severity = { min = vim.diagnostic.severity.WARN } })
end

local function lens()
  return story.lens_titles()[1] or ''
end

local function server()
  return vim.lsp.get_clients({ name = 'wsgi_ls', bufnr = 0 })[1]
end

--- Waits for a server that is not the one with this id, and for what it finds.
local function another_server(old)
  wait_for('another server', function()
    local now = server()
    return now ~= nil and now.id ~= old and now.initialized
  end)
  wait_for('the finding of the new server', function() return #findings() == 1 end)
end

local function ask_for_health()
  vim.cmd('checkhealth wsgi_ls')
  local report = text_of(0)
  for _, wanted in ipairs({ 'wsgi%-ls %d', 'a server runs for .*flask_on_pythonanywhere', 'are opened as Python' }) do
    if not report:find(wanted) then
      error('checkhealth does not say ' .. wanted .. '\n' .. report, 0)
    end
  end
  if report:find('ERROR') or report:find('WARNING') then
    error('checkhealth complains\n' .. report, 0)
  end
  say('checkhealth is content')
  vim.cmd('bwipeout!')
end

local function ask_for_help()
  vim.opt.runtimepath:append(vim.env.WSGI_LS_HELP)
  vim.cmd('helptags ' .. vim.fn.fnameescape(vim.fs.joinpath(vim.env.WSGI_LS_HELP, 'doc')))
  vim.cmd('help :WsgiLs')
  if not text_of(0):find('Apply all safe fixes', 1, true) then
    error('the help does not tell of :WsgiLs', 0)
  end
  say('help is found')
  vim.cmd('helpclose')
end

story.run(function()
  vim.cmd.cd(vim.fn.fnameescape(vim.env.WSGI_LS_PROJECT))
  vim.cmd.edit(vim.fn.fnameescape(ENTRY))
  wait_for('the verdict above the entry', function() return lens():find('visitors get 502 Bad Gateway', 1, true) ~= nil end)
  vim.lsp.codelens.run()
  wait_for_page('wsgi-ls://verdict', '# PythonAnywhere: ends the server')
  wait_for_page('wsgi-ls://verdict', 'mysite/website.py:3 imports `flask_app`')
  vim.cmd.close()
  vim.cmd('WsgiLs diagnose')
  wait_for_page('wsgi-ls://diagnosis', 'mysite/flask_app.py')
  vim.cmd.close()
  vim.cmd('WsgiLs explain ' .. RULE)
  wait_for_page(RULE, '## What works')
  vim.cmd.close()
  vim.cmd.edit(vim.fn.fnameescape(APP))
  wait_for('the finding', function() return #findings() == 1 end)
  vim.api.nvim_win_set_cursor(0, { findings()[1].lnum + 1, 0 })
  vim.cmd('WsgiLs explain')
  wait_for_page(RULE, '# ' .. RULE)
  vim.cmd.close()
  -- A server that crashed comes back by itself and knows the buffers; one that is stuck is started anew by hand.
  local old = server().id
  vim.uv.kill(tonumber(vim.fn.readfile(vim.env.WSGI_LS_PID)[1]), 'sigkill')
  wait_for('the killed server to be gone', function() return vim.lsp.get_client_by_id(old) == nil end)
  another_server(old)
  old = server().id
  vim.cmd('WsgiLs restart')
  another_server(old)
  ask_for_health()
  ask_for_help()
  vim.cmd.buffer(vim.fn.bufnr(APP))
  vim.cmd('WsgiLs fix')
  wait_for('all safe fixes', function() return text_of(0) .. '\n' == WANTED end)
  wait_for('the finding to go', function() return #findings() == 0 end)
  vim.cmd('silent wall')
  assert(vim.uv.fs_utime(ENTRY, 1000, 1000))
  vim.cmd('WsgiLs touch')
  wait_for('the touch', function() return vim.uv.fs_stat(ENTRY).mtime.sec > 1000 end)
  vim.cmd('silent! checktime')
  vim.cmd.edit(vim.fn.fnameescape(ENTRY))
  wait_for('the new verdict above the entry', function() return lens():find(': serves', 1, true) ~= nil end)
  -- What the host is told is read from the buffer, not from the disk.
  vim.cmd.edit('Procfile')
  wait_for('the server to take the Procfile', function() return #vim.lsp.get_clients({ name = 'wsgi_ls', bufnr = 0 }) == 1 end)
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'web: gunicorn --chdir mysite website:nothing' })
  vim.cmd('silent write')
  vim.cmd('WsgiLs verdict')
  wait_for_page('wsgi-ls://verdict', '# gunicorn: is not served')
  vim.cmd.close()
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'web: gunicorn --chdir mysite website:app' })
  vim.cmd('WsgiLs verdict')
  wait_for_page('wsgi-ls://verdict', '# gunicorn: serves')
  vim.cmd.close()
  if #vim.fn.getcompletion('WsgiLs e', 'cmdline') ~= 1 then
    error('`:WsgiLs e` is not completed', 0)
  end
end)
