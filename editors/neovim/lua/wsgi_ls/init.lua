-- What wsgi-ls offers beyond the protocol: the verdict as a page, the text of a rule, all safe fixes, touching the WSGI file.

local M = {}

local function client()
  local running = vim.lsp.get_clients({ name = 'wsgi_ls', bufnr = 0 })[1] or vim.lsp.get_clients({ name = 'wsgi_ls' })[1]
  if not running then
    vim.notify('wsgi-ls does not run for this project; `:checkhealth wsgi_ls` tells more', vim.log.levels.WARN)
  end
  return running
end

--- Asks the server, and calls `use` with the answer.
local function ask(method, params, use)
  local running = client()
  if not running then
    return
  end
  running:request(method, params, function(problem, answer)
    if problem then
      vim.notify('wsgi-ls: ' .. problem.message, vim.log.levels.ERROR)
    else
      use(answer)
    end
  end)
end

--- Shows Markdown in a window of its own, which `q` closes.
local function show(name, lines)
  local buffer = vim.fn.bufadd('wsgi-ls://' .. name)
  vim.fn.bufload(buffer)
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = 'markdown'
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close this window' })
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd.split()
    window = vim.api.nvim_get_current_win()
    vim.api.nvim_win_set_buf(window, buffer)
  else
    vim.api.nvim_set_current_win(window)
  end
  vim.wo[window].wrap = true
  vim.api.nvim_win_set_cursor(window, { 1, 0 })
end

local function add_finding(lines, finding, rule)
  local function place(one)
    -- `gf` and `gF` open this form.
    return string.format('%s:%d', one.file, one.range.start.line)
  end
  vim.list_extend(lines, { '', string.format('## %s: %s', finding.severity, place(finding)), '', finding.message, '' })
  for _, related in ipairs(finding.related) do
    table.insert(lines, string.format('- %s %s', place(related), related.message))
  end
  for _, fix in ipairs(finding.fixes) do
    table.insert(lines, string.format('- fix (%s): %s', fix.safety, fix.title))
  end
  table.insert(lines, string.format('- rule: `%s`; `:WsgiLs explain %s` tells more', finding.rule, finding.rule))
  for _, page in ipairs(rule and rule.pages or {}) do
    table.insert(lines, string.format('- [%s](%s)', page.title, page.url))
  end
end

--- The verdict's page as lines of Markdown. `entry` is the URI of the only entry to tell of, or nil.
local function page(verdict, entry)
  local lines = {}
  for _, folder in ipairs(verdict.folders) do
    for index, prediction in ipairs(folder.predictions) do
      if not entry or prediction.uri == entry then
        local deployment = folder.report.deployments[index]
        vim.list_extend(lines, {
          string.format('# %s: %s', prediction.host, prediction.does), '',
          string.format('%s loads `%s` and calls `%s`; %s.', prediction.host, deployment.entry, deployment.callable, prediction.visitors),
        })
        for _, finding in ipairs(folder.report.findings) do
          if finding.deployment == index - 1 then
            add_finding(lines, finding, verdict.rules[finding.rule])
          end
        end
        table.insert(lines, '')
      end
    end
  end
  return #lines > 0 and lines or { 'Nothing is deployed here, as far as wsgi-ls can see.' }
end

--- Shows the verdict on each deployment, or on the one with this entry.
function M.verdict(entry)
  ask('wsgi-ls/verdict', vim.empty_dict(), function(verdict) show('verdict', page(verdict, entry)) end)
end

--- Shows why the site does not answer: what is foreseen, and what the logs in the project tell.
function M.diagnose()
  ask('wsgi-ls/diagnose', vim.empty_dict(), function(answer)
    show('diagnosis', vim.split(answer.markdown, '\n', { plain = true, trimempty = true }))
  end)
end

--- The rules that the findings of all buffers name; those under the cursor come first.
local function rules()
  local here, all = {}, {}
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  for _, finding in ipairs(vim.diagnostic.get()) do
    if finding.source == 'wsgi-ls' then
      local isHere = finding.bufnr == vim.api.nvim_get_current_buf() and row >= finding.lnum and row <= finding.end_lnum
      table.insert(isHere and here or all, finding.code)
    end
  end
  vim.list_extend(here, all)
  local known = {}
  return vim.tbl_filter(function(id)
    local isNew = not known[id]
    known[id] = true
    return isNew
  end, here)
end

--- Shows the text of a rule; without an id, of the one under the cursor.
function M.explain(rule)
  rule = rule or rules()[1]
  if not rule then
    vim.notify('name a rule: `:WsgiLs explain server-started-at-import`', vim.log.levels.WARN)
    return
  end
  ask('wsgi-ls/explain', { rule = rule }, function(answer)
    show(rule, vim.split(answer.markdown, '\n', { plain = true, trimempty = true }))
  end)
end

--- Applies all safe fixes of the workspace; the buffers are changed and not saved.
function M.fix()
  ask('workspace/executeCommand', { command = 'wsgi-ls.fixAll', arguments = {} }, function(answer)
    vim.notify(string.format('wsgi-ls: applied all safe fixes, in %d file(s); `:wall` saves them', answer.files))
  end)
end

--- Sets the time of the WSGI file to now, which makes its host import the app anew.
function M.touch()
  ask('wsgi-ls/verdict', vim.empty_dict(), function(verdict)
    local entries = {}
    for _, folder in ipairs(verdict.folders) do
      for _, prediction in ipairs(folder.predictions) do
        if prediction.uri and not vim.list_contains(entries, prediction.uri) then
          table.insert(entries, prediction.uri)
        end
      end
    end
    local function touch(uri)
      if uri then
        local path = vim.uri_to_fname(uri)
        local now = os.time()
        assert(vim.uv.fs_utime(path, now, now))
        vim.notify('wsgi-ls: touched ' .. path)
      end
    end
    if #entries <= 1 then
      touch(entries[1])
    else
      vim.ui.select(entries, { prompt = 'Which WSGI file?', format_item = vim.uri_to_fname }, touch)
    end
  end)
end

--- Stops the server and starts it anew, for all its buffers.
function M.restart()
  for _, running in ipairs(vim.lsp.get_clients({ name = 'wsgi_ls' })) do
    running:stop(true)
  end
  vim.wait(2000, function() return #vim.lsp.get_clients({ name = 'wsgi_ls' }) == 0 end, 20)
  -- `enable` looks at every buffer that is open.
  vim.lsp.enable('wsgi_ls')
end

--- How often the server may crash within some time (seconds) and is started anew.
local RESTARTS, WITHIN = 5, 180
local SIGTERM = 15
local crashes = {}

--- Starts a server that crashed anew. One that was stopped, here or by hand, stays away.
function M.ended(code, signal)
  if (code == 0 and signal == 0) or signal == SIGTERM or vim.v.exiting ~= vim.NIL then
    return
  end
  local now = os.time()
  crashes = vim.tbl_filter(function(time) return time > now - WITHIN end, crashes)
  table.insert(crashes, now)
  vim.schedule(function()
    if #crashes <= RESTARTS then
      vim.lsp.enable('wsgi_ls')
    else
      vim.notify('wsgi-ls ended again and again, and is not started any more; `:WsgiLs restart` starts it', vim.log.levels.ERROR)
    end
  end)
end

--- Shows the code lenses of a buffer, now and whenever they may have changed.
function M.show_lenses(buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  local function refresh()
    local running = vim.lsp.get_clients({ name = 'wsgi_ls', bufnr = buffer })[1]
    if running and vim.api.nvim_buf_is_loaded(buffer) then
      -- `codelens.refresh` asks for nothing while an answer is due, which a server that crashed never gives.
      local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
      running:request('textDocument/codeLens', params, vim.lsp.codelens.on_codelens, buffer)
    end
  end
  local group = vim.api.nvim_create_augroup('wsgi_ls_lenses_' .. buffer, { clear = true })
  -- The verdict changes with the findings of any buffer.
  vim.api.nvim_create_autocmd('DiagnosticChanged', { group = group, callback = vim.schedule_wrap(refresh) })
  vim.api.nvim_create_autocmd('BufEnter', { group = group, buffer = buffer, callback = refresh })
  refresh()
end

return M
