-- Methods that call a Lua function for each element, when that function changes the tensors under them.
local tester = torch.Tester()
local test = torch.TestSuite()

function test.apply_ends_on_the_memory_it_began_with()
  local memory = torch.range(1, 100000)
  local x = memory:narrow(1, 99997, 4)

  local same = x:apply(function(v)
    x:set(torch.Tensor(4):fill(-1))
    return v + 0.5
  end)

  tester:assert(rawequal(same, x))
  tester:eq(x, torch.Tensor(4):fill(-1))
  tester:eq(memory:narrow(1, 99997, 4), torch.Tensor {99997.5, 99998.5, 99999.5, 100000.5})
end

function test.apply_visits_every_element_of_a_tensor_that_is_resized_or_emptied()
  local x, y, seen = torch.Tensor {1, 2, 3, 4}, torch.Tensor {1, 2, 3, 4}, {}

  x:apply(function(v)
    x:resize(v < 3 and 1000 or 2, 2)
    return 2 * v
  end)
  y:apply(function(v)
    y:set()
    table.insert(seen, v)
  end)

  tester:eq(x, torch.Tensor {{2, 4}, {6, 8}})
  tester:eq(seen, {1, 2, 3, 4})
end

function test.map_reads_operands_that_the_function_takes_away()
  local x, y = torch.Tensor {1, 2, 3}, torch.range(1, 100000):narrow(1, 99998, 3)
  local z = y:clone()

  x:map2(y, z, function(a, b, c)
    y:set()
    z:set(torch.Tensor(3))
    return a + b + c
  end)

  tester:eq(x, torch.Tensor {1 + 2 * 99998, 2 + 2 * 99999, 3 + 2 * 100000})
end

function test.wrong_arguments_are_named_by_their_place()
  local x = torch.Tensor(2)
  tester:assertErrorPattern(function() x:apply(3) end, 'apply: argument 2: expected function, got number')
  tester:assertErrorPattern(function() x:map2(x, x) end, 'map2: argument 4: expected function, got no value')
  tester:assertErrorPattern(function() x:map(3, print) end, 'map: argument 2: tensor expected, got number')
  tester:assertErrorPattern(function() x:map(x:float(), print) end, 'map: argument 2 %(tensor%): expected torch.Double')
  tester:assertErrorPattern(function() x:map(torch.Tensor(3), print) end, 'map: size mismatch')
end

tester:add(test):run()
