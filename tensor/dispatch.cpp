#include "tensor/dispatch.h"

namespace cresset {

void failNotAvailable(const char* op, Type type) { fail(op, {"not available for ", tensorTypeName(type)}); }

}  // namespace cresset
