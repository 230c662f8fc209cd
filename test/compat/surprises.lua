-- Torch7's numerical and semantic surprises that scripts depend on, a test for each row of the list (torch.md, section
-- 35). Where Torch7 has a defect, the sane behaviour is tested.
local tester = torch.Tester()
local tests = torch.TestSuite()

local function eq(got, wanted) tester:eq(got, wanted) end
local function is(condition, text) tester:assert(condition, text) end
local function fails(f, reason)
  local ok, message = pcall(f)
  tester:assert(not ok and tostring(message):find(reason or '', 1, true) ~= nil, 'error: ' .. tostring(message))
end
local function sizes(x) return x:size():totable() end
local function list(x) return torch.totable(x) end

function tests.r01_reductions_keep_the_dimension()
  eq(sizes(torch.ones(2, 3):sum(1)), {1, 3})
  local one = torch.ones(3):sum(1)
  eq(torch.type(one), 'torch.DoubleTensor')
  eq(sizes(one), {1})
end

function tests.r02_selections_return_values_and_indices()
  local x = torch.Tensor {{3, 1, 2}}
  for _, name in ipairs {'max', 'min', 'sort', 'topk', 'median', 'mode', 'kthvalue'} do
    local argument = (name == 'topk' or name == 'kthvalue') and 1 or 2
    local values, indices = torch[name](x, argument)
    eq(torch.type(values), 'torch.DoubleTensor')
    eq(torch.type(indices), 'torch.LongTensor')
  end
  eq(list(select(2, x:max(2))), {{1}})
end

function tests.r03_max_of_two_tensors_is_an_error()
  fails(function() torch.max(torch.Tensor(2), torch.Tensor(2)) end, 'invalid arguments')
  eq(list(torch.cmax(torch.Tensor {1, 4}, torch.Tensor {3, 2})), {3, 4})
end

function tests.r04_std_is_unbiased_and_nan_for_one_element()
  eq(torch.Tensor {1, 3}:std(), math.sqrt(2))
  eq(torch.Tensor {1, 3}:std(true), 1)
  eq(torch.Tensor {1, 3}:var(), 2)
  local s = torch.Tensor {5}:std()
  is(s ~= s)
end

function tests.r05_range_includes_the_end()
  eq(list(torch.range(1, 3)), {1, 2, 3})
  eq(torch.range(0, 1, 0.3):size(1), 4)
end

function tests.r06_topk_takes_the_smallest()
  local values = torch.Tensor {5, 1, 4, 2}:topk(2)
  eq(list((values:sort())), {1, 2})
end

function tests.r07_median_and_sort_use_the_last_dimension_cumsum_the_first()
  local x = torch.Tensor {{3, 1, 2}, {9, 7, 8}}
  eq(list((x:median())), {{2}, {8}})
  eq(list((x:sort())), {{1, 2, 3}, {7, 8, 9}})
  eq(list(x:cumsum()), {{3, 1, 2}, {12, 8, 10}})
end

function tests.r08_methods_of_elementwise_functions_modify()
  local x = torch.Tensor {0, 0}
  local y = torch.exp(x)
  eq(list(x), {0, 0})
  eq(list(y), {1, 1})
  is(rawequal(x:exp(), x))
  eq(list(x), {1, 1})
  torch.cmax(x, 5)
  eq(list(x), {1, 1})
  x:cmax(5)
  eq(list(x), {5, 5})
end

function tests.r09_sum_writes_only_into_a_result()
  local x, r = torch.ones(2, 2), torch.Tensor()
  x:sum(1)
  eq(sizes(x), {2, 2})
  r:sum(x, 1)
  eq(list(r), {{2, 2}})
end

function tests.r10_add_of_tensor_and_number_overwrites()
  local a, b = torch.Tensor {1, 1}, torch.Tensor {5, 6}
  a:add(b, 2)
  eq(list(a), {7, 8})
  torch.add(a, b, 3)
  eq(list(a), {8, 9})
end

function tests.r11_what_shares_memory_and_what_copies()
  local function shares(make)
    local x = torch.range(1, 4):resize(2, 2)
    local y = make(x)
    x:fill(9)
    return y:contiguous():view(-1)[1] == 9
  end
  for name, make in pairs {
    constructor = function(x) return torch.Tensor(x) end, new = function(x) return x:new() end,
    view = function(x) return x:view(4) end, narrow = function(x) return x:narrow(1, 1, 1) end,
    select = function(x) return x:select(1, 1) end, t = function(x) return x:t() end,
    expand = function(x) return x:narrow(1, 1, 1):expand(2, 2) end, unfold = function(x) return x:unfold(1, 1, 1) end,
    squeeze = function(x) return x:narrow(1, 1, 1):squeeze() end, split = function(x) return x:split(1)[1] end,
    range = function(x) return x[{{1, 2}, {1}}] end,
  } do
    is(shares(make), name)
  end
  for name, make in pairs {
    clone = function(x) return x:clone() end, reshape = function(x) return x:reshape(4) end,
    index = function(x) return x:index(1, torch.LongTensor {1}) end, mask = function(x) return x[x:gt(0)] end,
    repeatTensor = function(x) return x:repeatTensor(1, 1) end,
  } do
    is(not shares(make), name)
  end
  local t = {1, 2}
  local x = torch.Tensor(t)
  t[1] = 7
  eq(x[1], 1)
end

function tests.r12_conversion_to_the_same_type_returns_itself()
  local x = torch.Tensor(2)
  is(rawequal(x:type 'torch.DoubleTensor', x))
  is(rawequal(x:double(), x))
  is(torch.isequal(x:contiguous(), x))
end

function tests.r13_a_long_storage_is_data_for_LongTensor_and_sizes_for_others()
  eq(list(torch.LongTensor(torch.LongStorage {2, 3})), {2, 3})
  eq(sizes(torch.DoubleTensor(torch.LongStorage {2, 3})), {2, 3})
end

function tests.r14_resize_keeps_storage_and_stops_at_a_size_of_0()
  local x = torch.range(1, 6)
  x:resize(2)
  eq(x:storage():size(), 6)
  eq(list(x:resize(6)), {1, 2, 3, 4, 5, 6})
  eq(sizes(x:resize(2, 0, 3)), {2})
  local y = torch.Tensor(2, 3):t()
  eq(y:resize(3, 2):stride():totable(), {1, 3})
end

function tests.r15_no_sizes_of_0_and_no_scalars()
  eq(sizes(torch.zeros(3, 0)), {3})
  eq(torch.Tensor(0, 3):dim(), 0)
end

function tests.r16_elementwise_operations_match_by_count()
  local r = torch.add(torch.Tensor {{1, 2}, {3, 4}}, torch.Tensor {10, 20, 30, 40})
  eq(list(r), {{11, 22}, {33, 44}})
end

function tests.r17_operators()
  local a, v = torch.Tensor {{1, 2}, {3, 4}}, torch.Tensor {1, 1}
  eq(v * v, 2)
  eq(list(a * v), {3, 7})
  eq(list(a * a), {{7, 10}, {15, 22}})
  fails(function() return v / v end, 'number expected')
  fails(function() return v % v end, 'number expected')
  eq(list(torch.Tensor {-7, 7} % 3), {2, 1})
  eq(list(torch.remainder(torch.Tensor {-7}, 3)), {2})
  eq(list(torch.fmod(torch.Tensor {-7}, 3)), {-1})
end

function tests.r18_equality()
  local a, b = torch.Tensor {1}, torch.Tensor {1}
  is(a ~= b)
  eq(torch.type(a:eq(b)), 'torch.ByteTensor')
  is(a:equal(b) == true)
end

function tests.r19_bytes_wrap()
  eq(list(torch.ByteTensor {5} - 10), {251})
  local x = torch.ByteTensor {200, 100}
  eq(x:sum(), 300)
  eq(list(x:sum(1)), {44})
end

function tests.r20_integers_truncate()
  eq(list(torch.IntTensor {7}:div(2)), {3})
  eq(list(torch.IntTensor {7}:div(2.5)), {3})
end

function tests.r21_integer_tensors_lack_floating_functions()
  for _, name in ipairs {'mean', 'std', 'norm', 'exp'} do is(torch.IntTensor(2)[name] == nil, name) end
end

function tests.r22_masks_are_bytes_of_0_and_1()
  local x = torch.Tensor {1, 2}
  eq(torch.type(x:gt(1)), 'torch.ByteTensor')
  fails(function() x:maskedFill(torch.ByteTensor {2, 0}, 1) end, 'Mask tensor can take 0 and 1 values only')
  fails(function() x:maskedFill(torch.IntTensor {1, 0}, 1) end)
end

function tests.r23_squeeze_of_one_element_is_a_number()
  eq(torch.Tensor(1, 1):fill(3):squeeze(), 3)
  eq(torch.Tensor {3}:squeeze(1), 3)
  eq(sizes(torch.Tensor(1, 1):squeeze(1)), {1})
end

function tests.r24_select_of_a_vector_is_a_number()
  eq(torch.Tensor {5, 6}:select(1, 2), 6)
  eq(torch.Tensor {5, 6}:select(3, 2), 6)
end

function tests.r25_size_is_a_storage()
  local s = torch.Tensor(2, 3):size()
  eq(torch.type(s), 'torch.LongStorage')
  eq(#s, 2)
  eq(tostring(s), ' 2\n 3\n[torch.LongStorage of size 2]\n')
end

function tests.r26_nil_counts()
  fails(function() torch.Tensor(2):sum(nil) end, 'nil')
end

function tests.r27_numeric_strings_are_numbers()
  eq(list(torch.Tensor {1}:add '2'), {3})
end

function tests.r28_index_functions_return_the_tensor()
  local x, r = torch.Tensor {1, 2}, torch.Tensor()
  local at = torch.LongTensor {2}
  is(torch.isequal(r:index(x, 1, at), r))
  is(torch.isequal(x:indexFill(1, at, 5), x))
  is(torch.isequal(x:maskedFill(x:gt(9), 5), x))
end

function tests.r29_multinomialAlias_draws_by_probability_and_keeps_its_state()
  torch.manualSeed(1)
  local state = torch.multinomialAliasSetup(torch.Tensor {0.1, 0.2, 0.7})
  local before = state[1]:clone()
  local draws = torch.multinomialAlias(torch.LongTensor(20000), state)
  eq(list(state[1]), list(before))
  for category, p in ipairs {0.1, 0.2, 0.7} do
    is(math.abs(draws:eq(category):sum() / 20000 - p) < 0.02, 'category ' .. category)
  end
end

function tests.r30_norm_of_infinite_p_is_1_or_the_maximum()
  local n = torch.Tensor {3, 4}:norm(math.huge)
  is(n == 1 or n == 4, tostring(n))
end

function tests.r31_integer_division_by_zero_and_no_bins_raise()
  fails(function() torch.IntTensor {1}:div(0) end, 'division by zero')
  fails(function() torch.IntTensor {1}:fmod(0) end, 'division by zero')
  fails(function() torch.histc(torch.Tensor {1}, 0) end, 'histc')
end

function tests.r32_multinomial_reads_strides()
  local p = torch.Tensor {{1, 0}, {0, 5}}:select(2, 1)
  eq(list(torch.multinomial(p, 3, true)), {1, 1, 1})
end

function tests.r33_setmetatable_returns_object_or_name()
  torch.class('compat.Surprise', {})
  local t = {}
  local r = torch.setmetatable(t, 'compat.Surprise')
  is(r == t or r == 'compat.Surprise')
  eq(torch.type(t), 'compat.Surprise')
end

function tests.r34_random_limits_depend_on_the_type()
  torch.manualSeed(1)
  is(torch.ByteTensor(1000):random():max() > 200)
  is(torch.CharTensor(1000):random():min() >= 0)
  local x = torch.Tensor(1000):random(3)
  eq({x:min(), x:max()}, {1, 3})
end

function tests.r35_defaults_of_distributions()
  for name, parameters in pairs {logNormal = {1, 2}, cauchy = {0, 1}} do
    torch.manualSeed(3)
    local a = torch[name]()
    torch.manualSeed(3)
    eq(a, torch[name](unpack(parameters)))
  end
  fails(function() torch.exponential() end, 'invalid arguments')
end

function tests.r36_normal_keeps_its_second_value_until_a_seed()
  torch.manualSeed(1)
  local first, second = torch.normal(), torch.normal()
  torch.manualSeed(1)
  eq(torch.normal(), first)
  torch.manualSeed(1)
  eq({torch.normal(), torch.normal()}, {first, second})
end

function tests.r37_linspace_of_one_point()
  fails(function() torch.linspace(1, 2, 1) end, 'invalid number of points')
  eq(list(torch.linspace(2, 2, 1)), {2})
end

function tests.r38_clamp_with_crossed_bounds()
  eq(list(torch.clamp(torch.Tensor {0, 2, 5}, 3, 1)), {3, 3, 1})
end

function tests.r39_pow_of_a_negative_base()
  local x = torch.pow(torch.Tensor {-2}, 1.5)
  is(x[1] ~= x[1])
  eq(list(torch.pow(torch.Tensor {-2}, 3)), {-8})
  eq(list(torch.pow(torch.Tensor {4}, -0.5)), {0.5})
end

function tests.r40_whole_sums_accumulate_in_double()
  eq(torch.FloatTensor(2 ^ 24 + 4):fill(1):sum(), 2 ^ 24 + 4)
end

function tests.r41_linear_algebra_is_column_major()
  local u = torch.svd(torch.Tensor {{2, 1, 0}, {1, 3, 1}, {0, 1, 4}})
  is(not u:isContiguous())
  fails(function() u:view(9) end, 'expecting a contiguous tensor')
end

function tests.r42_gesv_of_a_vector_gives_a_matrix()
  eq(sizes((torch.gesv(torch.Tensor {1, 2}, torch.eye(2)))), {2, 1})
end

function tests.r43_mm_into_an_operand_gives_zeros_the_product_or_raises()
  local m = torch.Tensor {{1, 2}, {3, 4}}
  local ok = pcall(function() m:mm(m, m) end)
  local text = list(m)
  is(not ok or text[1][1] == 0 or text[1][1] == 7)
end

function tests.r44_view_needs_contiguous_memory_reshape_copies()
  local x = torch.Tensor {{1, 2}, {3, 4}}:t()
  fails(function() x:view(4) end, 'expecting a contiguous tensor')
  local y = x:reshape(4)
  eq(list(y), {1, 3, 2, 4})
end

function tests.r45_expanded_tensors_have_stride_0()
  local x = torch.Tensor(1):fill(1)
  local y = x:view(1, 1):expand(3, 1)
  eq(y:stride(1), 0)
  is(not y:isContiguous())
  y:add(1)
  is(x[1] == 2 or x[1] == 4)
end

function tests.r46_isTypeOf_needs_the_full_name()
  is(not torch.isTypeOf(torch.Tensor(), 'Tensor'))
  is(torch.isTypeOf(torch.Tensor(), 'torch.DoubleTensor'))
  is(torch.isTypeOf(torch.Tensor(), 'torch.*Tensor'))
end

function tests.r47_the_default_type_decides()
  torch.setdefaulttensortype 'torch.FloatTensor'
  local types = {torch.rand(1):type(), torch.ones(1):type(), torch.linspace(0, 1):type(), torch.Tensor():type()}
  torch.setdefaulttensortype 'torch.DoubleTensor'
  for _, name in ipairs(types) do eq(name, 'torch.FloatTensor') end
  eq(torch.exp(0), 1)
end

function tests.r48_files_keep_shared_storages_and_whole_ones()
  local x = torch.range(1, 100)
  local loaded = torch.deserialize(torch.serialize {x, x:narrow(1, 1, 2)})
  loaded[1][1] = 50
  eq(loaded[2][1], 50)
  eq(torch.deserialize(torch.serialize(x:narrow(1, 1, 2))):storage():size(), 100)
end

function tests.r49_file_modes()
  local name = paths.tmpname()
  local f = torch.DiskFile(name, 'w')
  f:writeInt(65)
  f:close()
  local raw = io.open(name):read '*a'
  eq(raw, '65\n')
  torch.save(name, 1)
  eq(io.open(name, 'rb'):read(4), '\1\0\0\0')
end

function tests.r50_long_elements_are_doubles_in_lua()
  local x = torch.LongTensor {2 ^ 53}
  x:add(1)
  eq(type(x[1]), 'number')
  eq(x[1], 2 ^ 53)
end

function tests.r51_apply_goes_in_logical_order_and_nil_keeps()
  local x, seen = torch.Tensor {{1, 2}, {3, 4}}:t(), {}
  x:apply(function(v)
    table.insert(seen, v)
    if v > 2 then return 0 end
  end)
  eq(seen, {1, 3, 2, 4})
  eq(list(x), {{1, 0}, {2, 0}})
end

function tests.r52_cat_along_dimension_2_stacks_columns()
  eq(list(torch.cat(torch.Tensor {1, 2}, torch.Tensor {3, 4}, 2)), {{1, 3}, {2, 4}})
end

function tests.r53_print_of_a_tensor_ends_with_an_empty_line()
  local parts, write = {}, io.write
  io.write = function(...)
    for i = 1, select('#', ...) do table.insert(parts, tostring((select(i, ...)))) end
  end
  print(torch.Tensor {1})
  io.write = write
  eq(table.concat(parts), ' 1\n[torch.DoubleTensor of size 1]\n\n')
end

function tests.r54_conv2_flips_the_kernel()
  local x, k = torch.Tensor {{1, 2}}, torch.Tensor {{10, 1}}
  eq(list(torch.conv2(x, k)), {{21}})
  eq(list(torch.xcorr2(x, k)), {{12}})
end

function tests.r55_types_never_mix()
  fails(function() torch.add(torch.FloatTensor(1), torch.DoubleTensor(1)) end, 'FloatTensor DoubleTensor')
  fails(function() return torch.FloatTensor(1) + torch.DoubleTensor(1) end)
end

tester:add(tests)
tester:run()
