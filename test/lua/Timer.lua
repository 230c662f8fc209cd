-- Tests of torch.Timer.
local tester = torch.Tester()
local test = torch.TestSuite()

-- Keeps the processor busy for some milliseconds.
local function work(seconds)
  local start = os.clock()
  while os.clock() - start < seconds do end
end

function test.starts_running_and_measures_both_clocks()
  local timer = torch.Timer()
  work(0.03)

  local time = timer:time()

  tester:assertge(time.real, 0.025)
  tester:assertge(time.user + time.sys, 0.02)
  tester:assertlt(time.real, 10)
end

function test.sleep_costs_no_processor_time()
  local timer = torch.Timer()
  sys.sleep(0.03)

  local time = timer:time()

  tester:assertge(time.real, 0.03)
  tester:assertlt(time.user + time.sys, 0.02)
end

function test.stop_holds_the_time_and_resume_goes_on()
  local timer = torch.Timer()

  tester:eq(timer:stop(), timer)
  local held = timer:time().real
  sys.sleep(0.01)
  tester:eq(timer:time().real, held)

  tester:eq(timer:resume(), timer)
  sys.sleep(0.01)
  tester:assertge(timer:time().real, held + 0.01)
end

function test.reset_clears_the_time_and_keeps_the_state()
  local timer = torch.Timer()
  sys.sleep(0.02)

  tester:eq(timer:reset(), timer)
  tester:assertlt(timer:time().real, 0.02)
  tester:eq(tostring(timer), 'torch.Timer [status: running]')

  timer:stop():reset()
  tester:eq(timer:time(), {real = 0, user = 0, sys = 0})
  tester:eq(tostring(timer), 'torch.Timer [status: stopped]')
end

function test.cannot_be_saved()
  tester:assertErrorPattern(function() torch.serialize {clock = torch.Timer()} end,
                            'Unwritable object <torch.Timer> at <%?>.clock')
end

tester:add(test):run()
