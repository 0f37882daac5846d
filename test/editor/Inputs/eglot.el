;; In a batch Emacs with what the guide shows loaded: opens main.cpp and prints what eglot says of it.
(setq eglot-sync-connect 20)
(find-file "main.cpp")
(unless (eglot-managed-p) (run-hooks 'post-command-hook))
(with-timeout (60 (message "nothing came"))
  (while (< (length (flymake-diagnostics)) 8)
    (accept-process-output nil 0.1)))
(dolist (one (sort (flymake-diagnostics) (lambda (a b) (< (flymake-diagnostic-beg a) (flymake-diagnostic-beg b)))))
  (message "%d: %s" (line-number-at-pos (flymake-diagnostic-beg one)) (car (split-string (flymake-diagnostic-text one) "\n"))))
