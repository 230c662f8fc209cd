-- How Lua's numbers and texts become elements.
local tester = torch.Tester()
local test = torch.TestSuite()

-- Elements as they are in memory: Lua's numbers would round them.
local function stored(x)
  local texts = {}
  for i = 0, x:nElement() - 1 do texts[i + 1] = tostring(x:data()[i]) end
  return table.concat(texts, ' ')
end

function test.the_whole_range_of_long_converts()
  for _, type_ in ipairs {'Double', 'Float'} do
    local x = torch[type_ .. 'Tensor'] {-2 ^ 63, -2 ^ 63 + 2 ^ 40, 2 ^ 63 - 2 ^ 40}
    local expected = '-9223372036854775808LL -9223370937343148032LL 9223370937343148032LL'
    tester:eq(stored(x:long()), expected)
    tester:eq(stored(torch.LongTensor(x:totable())), expected)
  end
  tester:eq(stored(torch.cpow(torch.LongTensor {-2, 2, 2}, torch.LongTensor {63, 62, 64})),
            '-9223372036854775808LL 4611686018427387904LL 0LL')
end

tester:add(test):run()
