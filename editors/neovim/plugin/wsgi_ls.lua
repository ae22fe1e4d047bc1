-- The command `:WsgiLs`.
if vim.g.loaded_wsgi_ls or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_wsgi_ls = true

local SUBCOMMANDS = { 'verdict', 'diagnose', 'explain', 'fix', 'touch', 'restart', 'log' }

local function complete(lead, line)
  local words = vim.split(line, '%s+', { trimempty = true })
  if #words > 2 or (#words == 2 and lead == '') then
    return {}
  end
  return vim.tbl_filter(function(name) return vim.startswith(name, lead) end, SUBCOMMANDS)
end

vim.api.nvim_create_user_command('WsgiLs', function(command)
  local name, argument = command.fargs[1] or 'verdict', command.fargs[2]
  if name == 'log' then
    vim.cmd.tabnew(vim.fn.fnameescape(vim.lsp.get_log_path()))
  elseif vim.list_contains(SUBCOMMANDS, name) then
    require('wsgi_ls')[name](name == 'explain' and argument or nil)
  else
    vim.notify(string.format('WsgiLs %s: there are only %s', name, table.concat(SUBCOMMANDS, ', ')), vim.log.levels.ERROR)
  end
end, { nargs = '*', complete = complete, desc = 'wsgi-ls: verdict, diagnose, explain, fix, touch, restart, log' })
