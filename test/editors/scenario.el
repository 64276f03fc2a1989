;; Plays the scenario of run.mjs in Emacs with Eglot, and writes what its user sees to $ORDINAL_RESULT.
(require 'cl-lib)
(require 'json)
(add-to-list 'load-path (getenv "ORDINAL_YAML_MODE"))
(require 'yaml-mode)
(add-to-list 'auto-mode-alist '("\\.ya?ml\\'" . yaml-mode))
(require 'eglot)
(load (getenv "ORDINAL_CONFIGURATION") nil t)
(setq eglot-confirm-server-edits nil
      create-lockfiles nil
      make-backup-files nil)

(defvar seen (list (cons 'version emacs-version)))
(defun see (name value) (push (cons name value) seen))

(defun wait (what is)
  (let ((end (+ (float-time) 30)))
    (while (not (funcall is))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      ;; Reports of changed files come as events, what the server says as output.
      (read-event nil nil 0.05)
      (accept-process-output nil 0.05))))

(defun texts ()
  (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(defun missing (buffer)
  (with-current-buffer buffer
    (cl-some (lambda (text) (string-match-p "Service `bd` does not exist" text)) (texts))))

(defun find-text (text offset)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (+ (match-beginning 0) offset)))

(defun scenario ()
  (let ((db (find-file "db.yaml")))
    ;; There are no commands in batch mode, after which `eglot-ensure' connects.
    (run-hooks 'post-command-hook)
    (wait "the server" #'eglot-current-server)
    (flymake-start)
    (wait "the first findings" (lambda () (missing db)))
    (see 'first (vconcat (texts)))

    (with-temp-buffer
      (insert-file-contents "service.yaml")
      (search-forward "name: db")
      (replace-match "name: bd")
      (write-region nil nil "service.yaml" nil 'silent))
    (wait "what the changed file on the disk means" (lambda () (not (missing db))))
    (see 'watched t)

    (find-file "service.yaml")
    (run-hooks 'post-command-hook)
    (goto-char (point-min))
    (search-forward "name: bd")
    (replace-match "name: db")
    ;; Done by a timer where there are commands.
    (eglot--signal-textDocument/didChange)
    (wait "what the other buffer means" (lambda () (missing db)))
    (see 'otherBuffer t)
    (switch-to-buffer db)

    (find-text "podManagementPolicy" 2)
    (let (hover)
      (eglot-hover-eldoc-function (lambda (text &rest _) (setq hover (or text ""))))
      (wait "the hover" (lambda () hover))
      (see 'hover (substring-no-properties hover)))

    (find-text "Parallel" 0)
    (let ((found (eglot-completion-at-point)))
      (see 'completion (vconcat (mapcar #'substring-no-properties (all-completions "" (nth 2 found))))))

    (find-text "serviceName: bd" 13)
    (let ((action (cl-find "Use Service db" (eglot-code-actions (point) (point))
                           :key (lambda (action) (plist-get action :title)) :test #'equal)))
      (unless action (error "No such code action"))
      (eglot-execute (eglot-current-server) action))
    (eglot--signal-textDocument/didChange)
    (wait "the findings after the code action" (lambda () (not (missing db))))

    (find-text "name: data }" 6)
    (eglot-rename "files")
    (see 'text (buffer-substring-no-properties (point-min) (point-max)))
    (eglot-shutdown (eglot-current-server))))

(condition-case problem
    (scenario)
  (error (see 'failed (error-message-string problem))))
(write-region (json-serialize seen) nil (getenv "ORDINAL_RESULT") nil 'silent)
(dolist (buffer (buffer-list)) (with-current-buffer buffer (set-buffer-modified-p nil)))
(kill-emacs)
