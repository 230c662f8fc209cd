-- Methods that give views, in what is Lua's alone.
local tester = torch.Tester()
local test = torch.TestSuite()

function test.a_table_for_the_pieces_is_emptied_first()
  local x = torch.range(1, 6):resize(3, 2)
  for _, name in ipairs {'split', 'chunk'} do
    local pieces = {'a', 'b', 'c', nil, 'e', key = 'f', [x] = 'g'}

    tester:assert(rawequal(torch[name](pieces, x, 2), pieces))

    local count = 0
    for _ in pairs(pieces) do count = count + 1 end
    tester:eq(count, 2)
    tester:eq(pieces[1], x:narrow(1, 1, 2))
    tester:eq(pieces[2], x:narrow(1, 3, 1))
  end
end

function test.view_refuses_what_is_no_size_wherever_it_stands()
  local x = torch.Tensor(6)
  for _, sizes in ipairs {{'a'}, {2, 'a'}, {2, torch.LongStorage {3}}, {{2, 3}}, {torch.DoubleStorage(2)}, {2, x}} do
    tester:assertErrorPattern(function() x:view(unpack(sizes)) end, 'torch.view, expected')
    tester:assertErrorPattern(function() torch.Tensor():view(x, unpack(sizes)) end, 'torch.view, expected')
  end
end

tester:add(test):run()
