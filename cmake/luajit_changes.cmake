# cmake -DSOURCE=<lj_record.c> -P luajit_changes.cmake: two small changes to LuaJIT's recorder.
file(READ "${SOURCE}" text)

function(change what from to)
  string(FIND "${text}" "${from}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${SOURCE}: ${what} is not where it was; see cmake/luajit_changes.cmake")
  endif()
  string(REPLACE "${from}" "${to}" text "${text}")
  set(text "${text}" PARENT_SCOPE)
endfunction()

# Compiled loops notice Ctrl-C. LuaJIT's own option for that (LUAJIT_ENABLE_CHECKHOOK) makes every compiled loop look at
# the hook mask. It is older than compiled `pairs` loops, whose trace starts inside the iteration: a check in front of it
# sends the loop round for ever. Those loops end by themselves, so they go without the check.
set(check "  {\n    TRef tr = emitir(IRT(IR_XLOAD, IRT_U8),\n\t\t     lj_ir_kptr(J, &J2G(J)->hookmask)")
change("the hook check" "${check}" "  if (J->state != LJ_TRACE_RECORD_1ST)\n${check}")

# Element loops stay whole. A loop takes a compiled function in only when that function's own trace ends by returning;
# otherwise the loop ends in a jump to it. The __index of tensors ends in a call of C when rows (m[i]) made it hot, and
# every loop over elements would call it from then on: 60 ns for m[{i, j}] in place of 2.
change("the inlining of compiled functions" "T->linktype == LJ_TRLINK_RETURN"
       "(T->linktype == LJ_TRLINK_RETURN || T->linktype == LJ_TRLINK_STITCH)")

file(WRITE "${SOURCE}" "${text}")
