#include "test/nn/cases.h"

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "tensor/Error.h"
#include "test/nn/expression.h"

namespace cresset::nn {
namespace {

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

Shape indexOf(const Tensor& x, int64_t k) {
  Shape index = x.sizes();
  for (int64_t d = x.dim() - 1; d >= 0; --d) {
    index[d] = k % x.size(d);
    k /= x.size(d);
  }
  return index;
}

}  // namespace

std::vector<Case> casesOf(const std::string& file) {
  const char* root = std::getenv("CRESSET_SOURCE_DIR");
  const std::string path = std::string(root ? root : ".") + "/test/nn/" + file;
  std::ifstream stream(path);
  if (!stream) fail("test", {"cannot read ", path});
  std::vector<Case> cases;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> columns;
    for (size_t at = 0; at != std::string::npos;) {
      const size_t end = line.find(" | ", at);
      columns.push_back(trimmed(line.substr(at, end == std::string::npos ? end : end - at)));
      at = end == std::string::npos ? end : end + 3;
    }
    columns.resize(5);
    Case c{columns[0], columns[1], "", columns[2], columns[3], columns[4]};
    const size_t target = c.input.find("; target ");
    if (target != std::string::npos) {
      c.target = c.input.substr(target + 9);
      c.input = trimmed(c.input.substr(0, target));
    }
    cases.push_back(c);
  }
  return cases;
}

double element(const Tensor& x, int64_t k) { return x.at(indexOf(x, k)); }
void setElement(const Tensor& x, int64_t k, double value) { x.setAt(indexOf(x, k), value); }

Activity waveLike(const Activity& output) {
  if (output.isNumber()) return tensorOf({1}, [](int64_t) { return 1.0; });
  return mapTensors(output, [](const Tensor& y) {
    return tensorOf(y.sizes(), [](int64_t k) { return std::cos(0.2 + 0.9 * static_cast<double>(k)); })
        .to(y.type());
  });
}

}  // namespace cresset::nn
