-- What the README of editors/neovim tells people to put into their own init.lua, and nothing that a fix could depend on.
vim.o.swapfile = false
vim.opt.runtimepath:append(vim.env.WSGI_LS_NEOVIM)
vim.lsp.enable('wsgi_ls')
