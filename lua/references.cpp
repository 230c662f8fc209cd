// Torch7's C functions that count references, for FFI code that declares them and calls
// ffi.C.THFloatStorage_free. Scripts that hand a tensor's memory to another thread exchange the storages of
// tensors with them.
#include "tensor/Tensor.h"

using namespace cresset;

// A null pointer is left alone, as in Torch7.
#define CRESSET_REFERENCES(Real)                                                                             \
  extern "C" void TH##Real##Storage_retain(StorageImpl* storage) { (void)Storage::share(storage).detach(); } \
  extern "C" void TH##Real##Storage_free(StorageImpl* storage) { Storage::adopt(storage); }                  \
  extern "C" void TH##Real##Tensor_retain(TensorImpl* tensor) { (void)Tensor::share(tensor).detach(); }      \
  extern "C" void TH##Real##Tensor_free(TensorImpl* tensor) { Tensor::adopt(tensor); }

CRESSET_REFERENCES(Byte)
CRESSET_REFERENCES(Char)
CRESSET_REFERENCES(Short)
CRESSET_REFERENCES(Int)
CRESSET_REFERENCES(Long)
CRESSET_REFERENCES(Float)
CRESSET_REFERENCES(Double)
CRESSET_REFERENCES(Half)
