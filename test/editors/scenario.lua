-- Plays the scenario of run.mjs in Neovim, 0.10 or later, and writes what its user sees to $ORDINAL_RESULT.
local result = { version = tostring(vim.version()) }

local function finish()
  vim.fn.writefile({ vim.json.encode(result) }, vim.env.ORDINAL_RESULT)
  vim.cmd('qall!')
end

local function wait(what, is)
  if not vim.wait(30000, is, 50) then error('waited in vain for ' .. what) end
end

local function codes(buffer)
  return vim.tbl_map(function(one) return one.code end, vim.diagnostic.get(buffer))
end

local function cursor(text, offset)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search('\\V' .. text) > 0, text)
  vim.fn.cursor(vim.fn.line('.'), vim.fn.col('.') + offset)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
end

local ok, problem = pcall(function()
  vim.cmd.edit('db.yaml')
  local db = vim.api.nvim_get_current_buf()
  local missing = function() return vim.tbl_contains(codes(db), 'service-missing') end
  wait('the first findings', missing)
  result.first = vim.tbl_map(function(one) return one.message end, vim.diagnostic.get(db))

  local service = table.concat(vim.fn.readfile('service.yaml'), '\n') .. '\n'
  local file = assert(io.open('service.yaml', 'w'))
  file:write((service:gsub('name: db', 'name: bd')))
  file:close()
  wait('what the changed file on the disk means', function() return not missing() end)
  result.watched = true

  vim.cmd.edit('service.yaml')
  cursor('name: bd', 0)
  vim.api.nvim_set_current_line('  name: db')
  wait('what the other buffer means', missing)
  result.otherBuffer = true
  vim.cmd.buffer(db)

  local client = vim.lsp.get_clients({ bufnr = db })[1]
  local function ask(method)
    local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
    return vim.lsp.buf_request_sync(db, method, params, 30000)[client.id].result
  end
  cursor('podManagementPolicy', 2)
  result.hover = ask('textDocument/hover').contents.value
  cursor('Parallel', 0)
  result.completion = vim.tbl_map(function(one) return one.label end, ask('textDocument/completion'))

  cursor('serviceName: bd', 13)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action) return action.title == 'Use Service db' end,
  })
  wait('the code action', function() return text():find('serviceName: db', 1, true) end)
  wait('the findings after the code action', function() return not missing() end)

  cursor('name: data }', 6)
  vim.lsp.buf.rename('files')
  wait('the rename', function() return text():find('name: files }', 1, true) end)
  result.text = text()
end)
if not ok then result.failed = problem end
finish()
