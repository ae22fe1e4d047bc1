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

local function check(case, tree)
  local title, files, opened, wanted = case[1], case[2], case[3], case[4]
  make(tree, files)
  local buffer = vim.fn.bufadd(vim.fs.joinpath(tree, opened))
  vim.bo[buffer].filetype = vim.filetype.match({ filename = opened }) or ''
  local got
  vim.lsp.config.wsgi_ls.root_dir(buffer, function(folder) got = folder end)
  local want = wanted and (wanted == '.' and tree or vim.fs.joinpath(tree, wanted)) or nil
  if got ~= want then
    return { string.format('%s: %s instead of %s', title, got, want) }
  end
  return {}
end

local ok, problem = xpcall(function()
  local problems = {}
  for index, case in ipairs(CASES) do
    local tree = vim.fs.joinpath(vim.env.WSGI_LS_TREES, 'tree' .. index)
    vim.fn.mkdir(tree, 'p')
    local has_home = vim.iter(CASES[index][2]):any(function(file) return vim.startswith(file, 'home/') end)
    vim.uv.os_setenv('HOME', has_home and vim.fs.joinpath(tree, 'home') or '/nobody/at/home')
    vim.list_extend(problems, check(case, tree))
  end
  if #problems > 0 then
    error(table.concat(problems, '\n'), 0)
  end
  if vim.filetype.match({ filename = 'site.wsgi' }) ~= 'python' then
    error('site.wsgi is not opened as Python', 0)
  end
  io.stdout:write(string.format('%d projects are told apart\n', #CASES))
end, debug.traceback)
if not ok then
  io.stdout:write('FAILED: ', problem, '\n')
  vim.cmd('cquit 1')
end
vim.cmd('qall!')
