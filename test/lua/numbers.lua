-- How Lua's numbers and texts become elements.
local tester = torch.Tester()
local test = torch.TestSuite()

-- Elements as they are in memory: Lua's numbers would round them.
local function stored(x)
  local texts = {}
  for i = 0, x:nElement() - 1 do texts[i + 1] = tostring(x:data()[i]) end
  return table.concat(texts, ' ')
end

function test.texts_are_exact_integers_in_the_base_that_c_reads()
  local texts = {'9007199254740993', '-9007199254740993', '0x7fffffffffffffff', '010', ' 7'}
  local expected = '9007199254740993LL -9007199254740993LL 9223372036854775807LL 8LL 7LL'

  tester:eq(stored(torch.LongTensor(texts)), expected)
  local x, y = torch.LongTensor(5), torch.LongTensor(1, 5)
  for i, text in ipairs(texts) do
    x[i] = text
    y[{1, i}] = text
  end
  tester:eq(stored(x), expected)
  tester:eq(stored(y), expected)
  y[torch.LongStorage {1, 2}] = texts[1]
  tester:eq(tostring(y:data()[1]), '9007199254740993LL')
  tester:eq(torch.ByteTensor {'300', '-1', '0x10'}:totable(), {44, 255, 16})
end

function test.other_texts_are_numbers_that_are_cut_to_integers()
  local texts = {'5.7', '-3.9', '1e3', '7 '}

  tester:eq(torch.IntTensor(texts):totable(), {5, -3, 1000, 7})
  tester:eq(torch.Tensor(texts):totable(), {5.7, -3.9, 1000, 7})
  local x = torch.ShortTensor(4)
  for i, text in ipairs(texts) do x[i] = text end
  tester:eq(x:totable(), {5, -3, 1000, 7})
  tester:eq(torch.Tensor {'010', '0x10'}:totable(), {10, 16})
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

function test.functions_of_numbers_compute_in_the_default_type()
  local function inFloat(x) return torch.FloatTensor {x}[1] end
  tester:eq(torch.exp(1), math.exp(1))
  torch.setdefaulttensortype('torch.FloatTensor')
  local exp, pow, lerp = torch.exp(1), torch.pow(0.1, 1), torch.lerp(0, 1, 0.1)
  torch.setdefaulttensortype('torch.IntTensor')
  local abs = torch.abs(-1.5)
  torch.setdefaulttensortype('torch.DoubleTensor')

  tester:eq(exp, inFloat(math.exp(1)))
  tester:eq(pow, inFloat(0.1))
  tester:eq(lerp, inFloat(0.1))
  tester:eq(abs, 1)
end

tester:add(test):run()
