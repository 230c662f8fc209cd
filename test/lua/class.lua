-- Tests of the package class.
local class = require 'class'
local tester = torch.Tester()
local test = torch.TestSuite()

local Animal = class('test.Animal')
function Animal:__init(name) self.name = name end
function Animal:speak() return self.name .. ' ' .. self:sound() end
function Animal:sound() return 'is silent' end

local Dog = class.new('test.Dog', 'test.Animal')
function Dog:sound() return 'barks' end

function test.instances_have_the_methods_of_their_class_and_its_parent()
  tester:eq(Animal('Tom'):speak(), 'Tom is silent')
  tester:eq(Dog('Rex'):speak(), 'Rex barks')
  tester:eq(Dog.new('Rex').name, 'Rex')
end

function test.methods_added_later_reach_existing_instances()
  local dog = Dog('Rex')

  function Dog:run() return self.name .. ' runs' end

  tester:eq(dog:run(), 'Rex runs')
end

function test.type_names_the_class_or_the_lua_type()
  tester:eq(class.type(Dog('Rex')), 'test.Dog')
  tester:eq(class.type({}), 'table')
  tester:eq(class.type(1), 'number')
end

function test.istype_knows_parents()
  local dog = Dog('Rex')

  tester:eq(class.istype(dog, 'test.Dog'), true)
  tester:eq(class.istype(dog, 'test.Animal'), true)
  tester:eq(class.istype(Animal('Tom'), 'test.Dog'), false)
  tester:eq(class.istype(3, 'number'), true)
end

function test.factory_does_not_call_init()
  local dog = class.factory('test.Dog')

  tester:eq(dog.name, nil)
  tester:eq(dog:sound(), 'barks')
  tester:eq(class.metatable('test.Dog'), getmetatable(dog))
end

function test.wrong_definitions_raise()
  tester:assertErrorPattern(function() class('test.Dog') end, 'test.Dog exists already')
  tester:assertErrorPattern(function() class('test.Cat', 'test.Nothing') end, 'no class test.Nothing')
  tester:assertErrorPattern(function() class() end, "bad argument #1 to 'class'")
end

tester:add(test):run()
