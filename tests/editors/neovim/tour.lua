-- The tour: a site without an application, whose slow request moves to a background task, and its host's configuration. Started by run.py, which
-- says what WSGI_LS_PROJECT is and what WSGI_LS_MOVE, and compares all files afterwards.
local story = require('story')
local fail, wait_for = story.fail, story.wait_for

local function application_is_exposed()
  story.edit('wsgi.py')
  story.server()
  local found = wait_for('the missing application', function() return story.findings('application-missing')[1] end)
  story.take('Add `application = site`', found)
  wait_for('the application to be there', function() return #story.findings('application-missing') == 0 end)
end

local function slow_work_moves()
  story.edit('shop/reports.py')
  story.server()
  local found = wait_for('the slow request', function() return story.findings('slow-request')[1] end)
  if not found.message:find('`harakiri` of uWSGI is 30 seconds', 1, true) then
    fail('the finding says %s', found.message)
  end
  local told
  local shown = vim.lsp.handlers['window/showMessage']
  vim.lsp.handlers['window/showMessage'] = function(_, params) told = params.message end
  story.take(vim.env.WSGI_LS_MOVE, found)
  wait_for('the slow request to be gone', function() return #story.findings('slow-request') == 0 end)
  wait_for('what is left to do', function() return told and told:find('huey_consumer', 1, true) end)
  vim.lsp.handlers['window/showMessage'] = shown
end

local function configuration_leads_to_the_callable()
  story.edit('uwsgi.ini')
  story.server()
  vim.fn.search('application')
  vim.lsp.buf.definition()
  wait_for('the definition of the callable', function()
    return vim.endswith(vim.api.nvim_buf_get_name(0), '/wsgi.py') and vim.api.nvim_get_current_line() == 'application = site'
  end)
  wait_for('the verdict above it', function() return vim.iter(story.lens_titles()):any(function(title) return title:find('uWSGI: serves', 1, true) ~= nil end) end)
end

story.run(function()
  vim.cmd.cd(vim.fn.fnameescape(vim.env.WSGI_LS_PROJECT))
  application_is_exposed()
  slow_work_moves()
  configuration_leads_to_the_callable()
  vim.cmd('silent wall')
end)
