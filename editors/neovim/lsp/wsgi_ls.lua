-- wsgi-ls for Neovim 0.11 and later: put this folder's parent on 'runtimepath', then `vim.lsp.enable('wsgi_ls')`.
--
-- The server starts only for a file that belongs to a WSGI project, never for every Python file that is opened.

--- Files and folders that mark the top of a project.
local PROJECT_MARKERS = {
  '.git', 'pyproject.toml', 'requirements.txt', 'setup.py', 'setup.cfg', 'Pipfile', 'manage.py',
}

--- Files that are not opened as Python and say what is deployed, or what became of it: the patterns of `editors/kinds.json`.
local PATTERNS = {
  '**/*.wsgi',
  '**/{wsgi-ls,pyproject}.toml',
  '**/requirements*.txt',
  '**/requirements/*.txt',
  '**/*uwsgi*.{ini,yml,yaml,xml}',
  '**/vassals/*.{ini,yml,yaml,xml}',
  '**/{Procfile,Procfile.*}',
  '**/{Dockerfile,Containerfile,Dockerfile.*,*.dockerfile}',
  '**/{docker-compose,compose}*.{yml,yaml}',
  '**/*nginx*.conf',
  '**/*nginx*/**/*.conf',
  '**/*{apache,httpd,vhost,wsgi}*.conf',
  '**/{apache,apache2,httpd}/**/*.conf',
  '**/*.service',
  '**/*supervisor*.conf',
  '**/supervisor*/**/*.conf',
  '**/*{start,run,serve,entrypoint,gunicorn,uwsgi}*.sh',
  '**/{app,render}.{yml,yaml}',
  '**/fly*.toml',
  '**/zappa_settings.{json,yml,yaml}',
  '**/.ebextensions/*.config',
  '**/*{error,server,access}{.log,_log}*',
  '**/*{uwsgi,gunicorn,apache}*.log*',
}

--- An entry is looked for in the top of a project and up to three folders deep; no more names than the limit are read for that.
local SEARCH_DEPTH = 4
local SEARCH_LIMIT = 5000

--- Whether only a host gives a file this name.
local function is_entry(name)
  return name == 'wsgi.py' or name == 'passenger_wsgi.py' or name == 'flask_app.py'
    or name:find('_wsgi%.py$') ~= nil or name:find('%.wsgi$') ~= nil
end

--- Whether a file with an everyday name imports a WSGI framework.
local function creates_application(path)
  local name = vim.fs.basename(path)
  if name ~= 'app.py' and name ~= 'main.py' then
    return false
  end
  local file = io.open(path, 'rb')
  if not file then
    return false
  end
  local head = '\n' .. (file:read(65536) or '')
  file:close()
  for _, framework in ipairs({ 'flask', 'bottle', 'falcon', 'pyramid', 'cherrypy', 'dash', 'web' }) do
    if head:find('\n%s*import ' .. framework .. '%f[^%w_]') or head:find('\n%s*from ' .. framework .. '[%s%.]') then
      return true
    end
  end
  return false
end

--- Whether a folder holds an entry; a depth of 1 is the folder itself.
local function holds_entry(folder, depth)
  local read = 0
  local function skip(inner)
    local name = vim.fs.basename(inner)
    -- An environment holds the entries of other people's packages.
    return not (name:sub(1, 1) == '.' or name == 'node_modules' or name == '__pycache__' or name == 'site-packages'
      or vim.uv.fs_stat(vim.fs.joinpath(folder, inner, 'pyvenv.cfg')))
  end
  for name, kind in vim.fs.dir(folder, { depth = depth, skip = skip }) do
    read = read + 1
    if read > SEARCH_LIMIT then
      return false
    end
    if kind ~= 'directory' and (is_entry(vim.fs.basename(name)) or creates_application(vim.fs.joinpath(folder, name))) then
      return true
    end
  end
  return false
end

--- The patterns of Lua that together mean what a glob means. `vim.glob` of Neovim 0.11 knows no `*` with anything but an end behind it.
local function meanings(glob)
  local before, choice, after = glob:match('^(.-){(.-)}(.*)$')
  if choice then
    return vim.iter(vim.split(choice, ',')):map(function(one) return meanings(before .. one .. after) end):flatten():totable()
  end
  local inner = vim.pesc(glob:gsub('^%*%*/', '')):gsub('%%%*%%%*/', '.*'):gsub('%%%*', '[^/]*')
  return { '/' .. inner .. '$' }
end

local LUA_PATTERNS = vim.iter(PATTERNS):map(meanings):flatten():totable()

--- Whether a path is one that the patterns mean.
local function is_ours(path)
  return vim.iter(LUA_PATTERNS):any(function(pattern) return path:find(pattern) ~= nil end)
end

local function exists(folder, name)
  return vim.uv.fs_stat(vim.fs.joinpath(folder, name)) ~= nil
end

local function has_settings(folder)
  if exists(folder, 'wsgi-ls.toml') then
    return true
  end
  local file = io.open(vim.fs.joinpath(folder, 'pyproject.toml'), 'rb')
  local text = file and file:read('a') or ''
  if file then
    file:close()
  end
  return ('\n' .. text):find('\n%s*%[tool%.wsgi%-ls[%].]') ~= nil
end

local function has_marker(folder)
  for _, marker in ipairs(PROJECT_MARKERS) do
    if exists(folder, marker) then
      return true
    end
  end
  -- A copy of a PythonAnywhere site keeps /var/www beside the code.
  return exists(folder, 'var_www')
end

--- The folder of the WSGI project that a file belongs to, or nil when it belongs to none.
local function project_of(path)
  local home = vim.fs.normalize(vim.uv.os_homedir() or '/')
  local around
  for folder in vim.fs.parents(path) do
    -- A home folder and what is above it is no project, whatever lies in it.
    if folder == home or vim.startswith(home, folder == '/' and folder or folder .. '/') then
      break
    end
    if has_settings(folder) or (has_marker(folder) and holds_entry(folder, SEARCH_DEPTH)) then
      return folder
    end
    -- Without any marker, the nearest folder with an entry will do, or the folder above it when it is a package.
    if not around and holds_entry(folder, 1) then
      around = exists(folder, '__init__.py') and vim.fs.dirname(folder) or folder
    end
    if exists(folder, '.git') then
      break
    end
  end
  return around
end

---@type vim.lsp.Config
return {
  cmd = { 'wsgi-ls', 'lsp' },
  -- What hosts are configured in, and their logs; `root_dir` looks closer.
  filetypes = {
    'python', 'dosini', 'conf', 'apache', 'nginx', 'systemd', 'dockerfile', 'procfile', 'yaml', 'toml', 'json', 'xml', 'sh', 'text', 'requirements',
    'wsgilog',
  },
  root_dir = function(buffer, on_dir)
    local name = vim.api.nvim_buf_get_name(buffer)
    -- Buffers such as `fugitive://...` are no files of a project.
    if name == '' or name:find('^%a[%w+.-]+://') then
      return
    end
    if vim.bo[buffer].filetype ~= 'python' and not is_ours(vim.fs.normalize(name)) then
      return
    end
    local project = project_of(vim.fs.normalize(name))
    if project then
      on_dir(project)
    end
  end,
  -- What a code lens of ours runs; without this, Neovim would ask the server, which can only tell it in a message.
  commands = {
    ['wsgi-ls.verdict'] = function(command) require('wsgi_ls').verdict(command.arguments and command.arguments[1]) end,
  },
  on_attach = function(_, buffer) require('wsgi_ls').show_lenses(buffer) end,
  on_exit = function(code, signal) require('wsgi_ls').ended(code, signal) end,
}
