-- Run in a headless Neovim that edits an empty main.cpp: types whole.txt as keys, and prints what is then in its diagnostics.
local function say(...) io.stdout:write(string.format(...), '\n') end
local text = io.open('whole.txt'):read('*a')
local buffer = vim.api.nvim_get_current_buf()
-- What the guide shows, which attaches a server when a buffer has its type.
dofile('settings.lua')
vim.bo.filetype = 'cpp'
vim.bo.autoindent, vim.bo.cindent, vim.bo.indentexpr = false, false, ''
local client = (vim.lsp.get_active_clients()[1] or {}).id
vim.wait(30000, function() return vim.lsp.buf_is_attached(buffer, client) and #vim.lsp.buf_get_clients(buffer) > 0 end, 20)
for _, one in pairs(vim.lsp.buf_get_clients(buffer)) do say('attached to %s', one.name) end

local typed = 0
for letter in text:gmatch('.') do
  -- As at a keyboard: append, one letter, back to normal mode.
  vim.api.nvim_feedkeys('A' .. (letter == '\n' and '\r' or letter) .. '\27', 'ntx', false)
  if letter == '\n' then
    -- Trailing blanks of a line stay, and the next is empty.
    vim.api.nvim_set_current_line('')
  end
  typed = typed + 1
  if typed % 20 == 0 then vim.wait(5) end
end
say('typed %d letters', typed)
local held = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
if held ~= text then
  say('the text is not what was typed:\n%s', held)
  vim.cmd('cquit')
end

local function ours()
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(buffer)) do
    local code = d.code or (d.user_data and d.user_data.lsp and d.user_data.lsp.code) or ''
    if tostring(code):match('^coro%-') then table.insert(found, {line = d.lnum, message = d.message, code = code, raw = d}) end
  end
  table.sort(found, function(a, b) return a.line < b.line end)
  return found
end
vim.wait(60000, function() return #ours() == 4 end, 50)
for _, d in ipairs(ours()) do say('%d: %s [%s]', d.line + 1, d.message:match('[^\n]*'), d.code) end

-- The first action where the dropped task is.
local dropped, done
for _, d in ipairs(ours()) do if d.code == 'coro-missing-await' and not dropped then dropped = d end end
if not dropped then vim.cmd('cquit') end
local range = {start = {line = dropped.raw.lnum, character = dropped.raw.col},
               ['end'] = {line = dropped.raw.end_lnum, character = dropped.raw.end_col}}
local answer = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', {
  textDocument = vim.lsp.util.make_text_document_params(), range = range,
  context = {diagnostics = {{range = range, message = dropped.message, code = dropped.code, severity = 2, source = 'clang-tidy'}}},
}, 30000)
for _, one in pairs(answer or {}) do
  for _, action in ipairs(one.result or {}) do
    if action.kind == 'quickfix' and action.edit and not done then
      vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
      done = true
    end
  end
end
say('line %d after the quick fix: %s', dropped.line + 1, vim.trim(vim.api.nvim_buf_get_lines(buffer, dropped.line, dropped.line + 1, false)[1]))
vim.wait(60000, function() return #ours() == 3 end, 50)
say('left with %d', #ours())
vim.cmd('qa!')
