-- Which files start the server, and for which project: each case is a tree of files, the file that is opened, and the project.
-- Started by run.py, which says where the trees may be made. Where a tree has a `home`, it is the user's home folder.

local CASES = {
  { 'a copy of a PythonAnywhere site', { 'var_www/jane_wsgi.py', 'mysite/flask_app.py' }, 'mysite/flask_app.py', '.' },
  { 'the WSGI file of such a copy', { 'var_www/jane_wsgi.py', 'mysite/flask_app.py' }, 'var_www/jane_wsgi.py', '.' },
  { 'a repository with its entry deep inside', { '.git/HEAD', 'src/site/site/wsgi.py', 'src/lib/x.py' }, 'src/lib/x.py', '.' },
  { 'a Django project without a repository', { 'manage.py', 'site/__init__.py', 'site/wsgi.py' }, 'site/wsgi.py', '.' },
  { 'a package with an entry, no marker', { 'site/__init__.py', 'site/wsgi.py' }, 'site/wsgi.py', '.' },
  { 'settings win over a nearer entry', { 'wsgi-ls.toml', 'deploy/wsgi.py' }, 'deploy/wsgi.py', '.' },
  { 'settings in pyproject.toml', { 'pyproject.toml=[tool.wsgi-ls]\nhost = "uwsgi"\n', 'serve.py' }, 'serve.py', '.' },
  { 'settings of other tools only', { 'pyproject.toml=[tool.ruff]\n', 'serve.py' }, 'serve.py', nil },
  { 'app.py that imports Flask', { '.git/HEAD', 'app.py=from flask import Flask\n' }, 'app.py', '.' },
  { 'app.py of something else', { '.git/HEAD', 'app.py=import flasks\n' }, 'app.py', nil },
  { 'an entry in an environment', { '.git/HEAD', 'env/pyvenv.cfg', 'env/lib/wsgi.py', 'tool.py' }, 'tool.py', nil },
  { 'an entry in another repository', { 'a/.git/HEAD', 'a/wsgi.py', 'b/.git/HEAD', 'b/x.py' }, 'b/x.py', nil },
  { 'an entry in a folder beside', { 'a/wsgi.py', 'b/x.py' }, 'b/x.py', nil },
  { 'the home folder is no project', { 'home/wsgi.py', 'home/.git/HEAD', 'home/x.py' }, 'home/x.py', nil },
  { 'a project in the home folder', { 'home/mysite/flask_app.py' }, 'home/mysite/flask_app.py', 'home/mysite' },
  { 'mod_wsgi', { '.git/HEAD', 'site.wsgi', 'x.py' }, 'x.py', '.' },
  { 'a Procfile', { '.git/HEAD', 'site/wsgi.py', 'Procfile' }, 'Procfile', '.' },
  { 'a uWSGI ini', { '.git/HEAD', 'site/wsgi.py', 'deploy/uwsgi.ini' }, 'deploy/uwsgi.ini', '.' },
  { 'an ini of something else', { '.git/HEAD', 'site/wsgi.py', 'tox.ini' }, 'tox.ini', nil },
  { 'a Dockerfile of something else', { '.git/HEAD', 'Dockerfile' }, 'Dockerfile', nil },
  { 'no file at all', {}, 'nothing.py', nil },
}

--- The entry for nvim-lspconfig knows names of files alone.
local NARROW = {
  { 'the WSGI file of PythonAnywhere', { 'site/jane_wsgi.py' }, 'site/jane_wsgi.py', 'site' },
  { 'a module of a Flask site', { 'flask_app.py', 'shop/views.py' }, 'shop/views.py', '.' },
  { 'a Django project', { 'manage.py', 'site/settings.py' }, 'site/settings.py', '.' },
  { 'settings', { 'wsgi-ls.toml', 'a/b/c.py' }, 'a/b/c.py', '.' },
  { 'mod_wsgi', { 'site.wsgi', 'x.py' }, 'x.py', '.' },
  { 'any other Python file', { '.git/HEAD', 'pyproject.toml', 'tool.py' }, 'tool.py', nil },
}

local story = require('story')

local function make(tree, files)
  for _, file in ipairs(files) do
    local name, text = file:match('^([^=]+)=?(.*)$')
    local path = vim.fs.joinpath(tree, name)
    vim.fn.mkdir(vim.fs.dirname(path), 'p')
    local handle = assert(io.open(path, 'wb'))
    handle:write(text)
    handle:close()
  end
end

--- The project for which a configuration would start the server when a file is opened; nil for none.
local function root_of(config, tree, files, opened)
  make(tree, files)
  local path = vim.fs.joinpath(tree, opened)
  local buffer = vim.fn.bufadd(path)
  -- Neovim finds the type of the file as always, but starts no server.
  vim.o.eventignore = 'FileType'
  vim.fn.bufload(buffer)
  local got
  if vim.list_contains(config.filetypes, vim.bo[buffer].filetype) then
    config.root_dir(buffer, function(folder) got = folder end)
  end
  return got
end

local function projects_are_told_apart(config, cases)
  local problems = {}
  for index, case in ipairs(cases) do
    local title, files, opened, wanted = unpack(case)
    local tree = vim.fs.joinpath(vim.env.WSGI_LS_TREES, 'tree' .. index)
    local has_home = vim.iter(files):any(function(file) return vim.startswith(file, 'home/') end)
    vim.uv.os_setenv('HOME', has_home and vim.fs.joinpath(tree, 'home') or '/nobody/at/home')
    local got = root_of(config, tree, files, opened)
    local want = wanted and (wanted == '.' and tree or vim.fs.joinpath(tree, wanted)) or nil
    if got ~= want then
      table.insert(problems, string.format('%s: %s instead of %s', title, got, want))
    end
  end
  if #problems > 0 then
    story.fail('%s', table.concat(problems, '\n'))
  end
  story.say('%d projects are told apart', #cases)
end

--- Every kind of file that the server reads is sent to it.
local function kinds_are_taken(config)
  local kinds = vim.json.decode(table.concat(vim.fn.readfile(vim.env.WSGI_LS_KINDS), '\n'))
  local count, left = 0, {}
  for _, kind in ipairs(kinds) do
    for index, example in ipairs(kind.examples) do
      local tree = vim.fs.joinpath(vim.env.WSGI_LS_TREES, kind.kind .. index)
      if root_of(config, tree, { '.git/HEAD', 'site_wsgi.py', example }, example) ~= tree then
        local filetype = vim.bo[vim.fn.bufnr(vim.fs.joinpath(tree, example))].filetype
        table.insert(left, string.format('%s, which is opened as "%s"', example, filetype))
      end
      count = count + 1
    end
  end
  if #left > 0 then
    story.fail('these do not go to the server:\n%s', table.concat(left, '\n'))
  end
  story.say('%d names of files that the server reads', count)
end

story.run(function()
  if vim.env.WSGI_LS_CONFIG == 'lspconfig' then
    projects_are_told_apart(dofile(vim.env.WSGI_LS_LSPCONFIG), NARROW)
  else
    projects_are_told_apart(vim.lsp.config.wsgi_ls, CASES)
    kinds_are_taken(vim.lsp.config.wsgi_ls)
  end
end)
