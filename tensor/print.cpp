// Torch7's text of tensors and storages, byte for byte (contract: torch.md, section 34).
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "tensor/Error.h"
#include "tensor/Tensor.h"

namespace cresset {
namespace {

constexpr int kLineWidth = 80;

/// How the elements of one block are written.
struct Format {
  char kind = 'd';  // d, f or e
  int width = 0;
  double scale = 1;
  int decimals = 4;
};

int digits(double magnitude) {
  return magnitude == 0 ? 1 : static_cast<int>(std::floor(std::log10(magnitude))) + 1;
}

Format chooseFormat(const std::vector<double>& values) {
  bool integral = true, anyNan = false, anyInf = false;
  double smallest = INFINITY, largest = 0;
  for (const double v : values) {
    if (std::isnan(v)) anyNan = true;
    if (std::isinf(v)) anyInf = true;
    if (v != std::ceil(v)) integral = false;
    smallest = std::fmin(smallest, std::fabs(v));
    largest = std::fmax(largest, std::fabs(v));
  }
  if (anyNan) return {'f', 0, 1, 6};
  const int lo = std::isinf(smallest) ? 400 : digits(smallest);
  const int hi = anyInf ? 400 : digits(largest);
  if (integral) return hi > 9 ? Format{'e', 11} : Format{'d', hi + 1, 1, 0};
  if (hi - lo > 4) return {'e', std::abs(hi) > 99 || std::abs(lo) > 99 ? 12 : 11};
  if (hi > 5 || hi < 0) return {'f', 7, std::pow(10, hi - 1)};
  return {'f', hi == 0 ? 7 : hi + 6};
}

/// LuaJIT rounds what lies in the middle away from zero, the C library to an even digit: such a value is
/// moved on. A number that differs from the middle does so in its first 18 digits.
double pastMiddle(const char* form, int decimals, double value) {
  char text[400];
  std::snprintf(text, sizeof text, form, 0, decimals + 24, value);
  const std::string_view rest =
      std::string_view(std::strchr(text, '.')).substr(1 + static_cast<size_t>(decimals), 24);
  const bool middle = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string_view::npos;
  return middle ? std::nextafter(value, std::copysign(INFINITY, value)) : value;
}

/// As LuaJIT's string.format writes it, with which Torch7 prints.
void append(std::string& out, const Format& format, double value) {
  const char* const form = format.kind == 'e' ? "%*.*e" : "%*.*f";
  char buffer[400];
  value /= format.scale;
  if (format.kind == 'd') value += 0.0;  // an integer 0 has no sign
  if (format.kind != 'd' && std::isfinite(value)) value = pastMiddle(form, format.decimals, value);
  if (std::isnan(value)) {
    std::snprintf(buffer, sizeof buffer, "%*s", format.width, "nan");
  } else {
    std::snprintf(buffer, sizeof buffer, form, format.width, format.decimals, value);
  }
  out += buffer;
}

std::string scaleLine(const Format& format) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%g *\n", format.scale);
  return buffer;
}

std::string vectorText(const std::vector<double>& values) {
  const Format format = chooseFormat(values);
  std::string out = format.scale != 1 ? scaleLine(format) : "";
  for (const double v : values) {
    append(out, format, v);
    out += '\n';
  }
  return out;
}

/// A matrix whose lines start with `indent`; wide ones are cut into blocks of columns.
std::string matrixText(const double* values, int64_t rows, int64_t columns, const std::string& indent,
                       const Format& format) {
  std::string out;
  const int64_t available = kLineWidth - static_cast<int64_t>(indent.size());
  const int64_t perLine = std::max<int64_t>(1, available / (format.width + 1));
  for (int64_t first = 0; first < columns; first += perLine) {
    const int64_t last = std::min(first + perLine, columns);
    if (perLine < columns) {
      if (first > 0) out += '\n';
      // Torch7 indents only the first of these lines.
      out += (first == 0 ? indent : "") + "Columns " + std::to_string(first + 1) + " to " +
             std::to_string(last) + "\n";
    }
    std::string lead = indent;
    if (format.scale != 1) {
      out += indent + scaleLine(format);
      lead += ' ';
    }
    for (int64_t r = 0; r < rows; ++r) {
      out += lead;
      for (int64_t c = first; c < last; ++c) {
        append(out, format, values[r * columns + c]);
        out += c + 1 < last ? ' ' : '\n';
      }
    }
  }
  return out;
}

std::string joined(Sizes sizes) {
  std::string text;
  for (const int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

std::vector<double> valuesOf(const Tensor& x) {
  const Tensor host = x.to(kDouble).contiguous();
  return {host.data<double>(), host.data<double>() + host.nElement()};
}

}  // namespace

std::string Tensor::toString() const {
  const std::string name = std::string("[") + tensorTypeName(type());
  if (empty()) return name + " with no dimension]\n";
  const std::vector<double> values = valuesOf(*this);
  const std::string footer = name + " of size " + joined(sizes()) + "]\n";
  if (dim() == 1) return vectorText(values) + footer;
  const int64_t rows = size(dim() - 2), columns = size(dim() - 1);
  const Format format = chooseFormat(values);
  if (dim() == 2) return matrixText(values.data(), rows, columns, "", format) + footer;
  std::string out;
  // The leading index counts with its first dimension fastest.
  const int lead = static_cast<int>(dim()) - 2;
  Shape index(Sizes(sizes().data(), lead));
  for (int d = 0; d < lead; ++d) index[d] = 0;
  for (bool more = true; more;) {
    if (!out.empty()) out += '\n';
    int64_t matrix = 0;
    out += '(';
    for (int d = 0; d < lead; ++d) {
      matrix = matrix * size(d) + index[d];
      out += std::to_string(index[d] + 1) + ",";
    }
    out += ".,.) = \n" + matrixText(values.data() + matrix * rows * columns, rows, columns, " ", format);
    more = false;
    for (int d = 0; d < lead && !more; ++d) {
      more = ++index[d] < size(d);
      if (!more) index[d] = 0;
    }
  }
  return out + footer;
}

std::string toString(const Storage& storage) {
  std::string out;
  if (storage.size() > 0) out = vectorText(valuesOf(Tensor(storage, 0, {storage.size()})));
  return out + "[" + storageTypeName(storage.type()) + " of size " + std::to_string(storage.size()) + "]\n";
}

}  // namespace cresset
