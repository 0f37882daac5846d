# coro_embed(OUTPUT NAMESPACE FILE...): makes a source file that holds the text
# of each FILE, as `const llvm::ArrayRef<coro::EmbeddedFile> NAMESPACE()`.
# Products need no file at run time that way.
set(_coro_embed_script "${CMAKE_CURRENT_LIST_DIR}/EmbedFiles.cmake")

function(coro_embed output function)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DOUTPUT=${output}" "-DFUNCTION=${function}" "-DFILES=${ARGN}"
            -P "${_coro_embed_script}"
    DEPENDS ${ARGN} "${_coro_embed_script}"
    COMMENT "Embedding ${function}"
    VERBATIM)
endfunction()
