# cmake -DSOURCE=<lj_record.c> -P luajit_interrupt.cmake: lets compiled loops notice Ctrl-C.
#
# LuaJIT's own option for that (LUAJIT_ENABLE_CHECKHOOK) makes every compiled loop look at the hook mask. It is older
# than compiled `pairs` loops, whose trace starts inside the iteration: a check in front of it sends the loop round for
# ever.
# Those loops end by themselves, so they go without the check.
file(READ "${SOURCE}" text)
set(check "  {\n    TRef tr = emitir(IRT(IR_XLOAD, IRT_U8),\n\t\t     lj_ir_kptr(J, &J2G(J)->hookmask)")
string(FIND "${text}" "${check}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "${SOURCE}: the hook check is not where it was; see cmake/luajit_interrupt.cmake")
endif()
string(REPLACE "${check}" "  if (J->state != LJ_TRACE_RECORD_1ST)\n${check}" text "${text}")
file(WRITE "${SOURCE}" "${text}")
