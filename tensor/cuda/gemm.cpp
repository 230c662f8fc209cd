// Matrix products on the GPU: cuBLAS with 64-bit sizes.
#include <cublas_v2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tensor/Error.h"
#include "tensor/cuda/fill.h"
#include "tensor/cuda/runtime.h"
#include "tensor/dispatch.h"
#include "tensor/ops/blas.h"

namespace cresset::cuda {
namespace {

void checkBlas(cublasStatus_t status) {
  if (status != CUBLAS_STATUS_SUCCESS) fail("addmm", {"cuBLAS: ", cublasGetStatusString(status)});
}

/// This thread's handle on the current device, set to its stream. Never destroyed: at exit the driver may be
/// gone.
cublasHandle_t handle() {
  thread_local std::vector<cublasHandle_t> ofDevice;
  ofDevice.resize(static_cast<size_t>(deviceCount()));
  cublasHandle_t& own = ofDevice[static_cast<size_t>(currentDevice())];
  if (!own) checkBlas(cublasCreate(&own));
  checkBlas(cublasSetStream(own, stream()));
  return own;
}

/// How BLAS (column-major) sees a matrix: as it is when the columns are contiguous, transposed when the rows
/// are.
struct ColumnMajor {
  const void* data;
  cublasOperation_t op;
  int64_t ld;
};

ColumnMajor columnMajor(const Tensor& x) {
  const int64_t rows = x.size(0), columns = x.size(1);
  const bool rowsFit = (x.stride(1) == 1 || columns == 1) && (x.stride(0) >= columns || rows == 1);
  if (rowsFit) return {x.data(), CUBLAS_OP_T, std::max<int64_t>(rows == 1 ? columns : x.stride(0), 1)};
  return {x.data(), CUBLAS_OP_N, std::max<int64_t>(columns == 1 ? rows : x.stride(1), 1)};
}

cublasOperation_t transposed(cublasOperation_t op) { return op == CUBLAS_OP_N ? CUBLAS_OP_T : CUBLAS_OP_N; }

template <class T> void gemm(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  ColumnMajor la = columnMajor(a), lb = columnMajor(b);
  const ColumnMajor lc = columnMajor(c);
  int64_t m = c.size(0), n = c.size(1);
  if (lc.op == CUBLAS_OP_T) {  // C' = B' A'
    std::swap(la, lb);
    std::swap(m, n);
    la.op = transposed(la.op);
    lb.op = transposed(lb.op);
  }
  const T alphaT = static_cast<T>(alpha), betaT = static_cast<T>(beta);
  const auto *pa = static_cast<const T*>(la.data), *pb = static_cast<const T*>(lb.data);
  const int64_t k = a.size(1);
  if constexpr (std::is_same_v<T, float>) {
    checkBlas(cublasSgemm_64(handle(), la.op, lb.op, m, n, k, &alphaT, pa, la.ld, pb, lb.ld, &betaT,
                             c.data<T>(), lc.ld));
  } else {
    checkBlas(cublasDgemm_64(handle(), la.op, lb.op, m, n, k, &alphaT, pa, la.ld, pb, lb.ld, &betaT,
                             c.data<T>(), lc.ld));
  }
}

void gemmKernel(const Tensor& c, double beta, double alpha, const Tensor& a, const Tensor& b) {
  checkPlacement("addmm", {&c, &a, &b});
  visit<Floating>("addmm", c.type(), [&]<class T>() { gemm<T>(c, beta, alpha, a, b); });
}

}  // namespace

void fillGemm() { gemmSlot.cuda = gemmKernel; }

}  // namespace cresset::cuda
