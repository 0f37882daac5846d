# complete.bash SCRIPT WORD...: what the script offers for the last word.
source "./$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_coro_tidy
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
