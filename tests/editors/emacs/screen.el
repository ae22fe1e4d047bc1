;; A quiet Emacs in a terminal, with what the README tells people to put into their init file. Started by run.py.
(setq inhibit-startup-screen t create-lockfiles nil make-backup-files nil auto-save-default nil)
(menu-bar-mode -1)
(load-theme 'modus-vivendi t)
(setq-default word-wrap t)
(setq eldoc-echo-area-use-multiline-p nil)
(unless (locate-library "eglot") ; Emacs 28 has it as a package of Debian's, which -Q leaves off the path.
  (require 'package)
  (setq package-directory-list '("/usr/share/emacs/site-lisp/elpa" "/usr/share/emacs/site-lisp/elpa-src"))
  (package-initialize))
(load (getenv "WSGI_LS_INIT") nil t)
