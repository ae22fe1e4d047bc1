---@brief
---
--- https://crates.io/crates/wsgi-ls
---
--- `wsgi-ls` predicts whether a Python web app will be loaded and served by its host: PythonAnywhere, uWSGI, gunicorn, mod_wsgi. It can be
--- installed via `cargo`.
---
--- ```sh
--- cargo install wsgi-ls
--- ```
---
--- It is for web apps, so it starts in projects with a file that only those have: `*_wsgi.py`, `wsgi.py`, `passenger_wsgi.py`, `flask_app.py`,
--- `*.wsgi`, `manage.py`. In any other project, an empty `wsgi-ls.toml` in its top folder starts it.
---
--- Settings can be provided via `init_options`:
---
--- ```lua
--- vim.lsp.config('wsgi_ls', {
---   init_options = {
---     host = 'uwsgi',
---   },
--- })
--- ```

local markers = {
  ['wsgi-ls.toml'] = true,
  ['manage.py'] = true,
  ['wsgi.py'] = true,
  ['passenger_wsgi.py'] = true,
  ['flask_app.py'] = true,
}

---@type vim.lsp.Config
return {
  cmd = { 'wsgi-ls', 'lsp' },
  filetypes = { 'python' },
  root_dir = function(bufnr, on_dir)
    local root = vim.fs.root(bufnr, function(name)
      return markers[name] or name:match('_wsgi%.py$') ~= nil or name:match('%.wsgi$') ~= nil
    end)
    if root then
      on_dir(root)
    end
  end,
}
