# complete.zsh FOLDER LINE: what zsh offers at the end of LINE with FOLDER in its fpath. Completion works in an interactive
# shell only, so there is one in a pseudo-terminal.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' list-prompt ''; LISTMAX=0; print READY"
zpty -r shell output '*READY*READY*'
zpty -w -n shell "$2"$'\t\t'
sleep 2
zpty -w -n shell $'\C-c'
sleep 1
output=
while zpty -r -t shell part; do output+=$part; done
print -r -- $output
zpty -d shell
