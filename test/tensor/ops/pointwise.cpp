// Tests of tensor/ops/pointwise: every row of the table against its formula in double, over the row's types
// and every layout of operands and result. A row without a formula here fails.
#include "tensor/ops/pointwise.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>

#include "tensor/ops/OpTable.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// What a formula may need to know of the type it stands for.
struct Kind {
  Type type;
  bool integral() const { return contains(Integer, type.dtype); }
  bool isUnsigned() const { return type.dtype == DType::Byte; }
  int bits() const { return static_cast<int>(8 * elementSize(type.dtype)); }
};

int64_t whole(double x) { return static_cast<int64_t>(x); }

double quotient(const Kind& kind, double x, double y) { return kind.integral() ? std::trunc(x / y) : x / y; }

double floorRemainder(double x, double y) { return y == 0 ? NAN : x - y * std::floor(x / y); }

double shiftedRight(const Kind& kind, double x, double n) {
  if (!kind.integral()) return x / std::exp2(n);
  const uint64_t mask = kind.bits() == 64 ? ~uint64_t{0} : (uint64_t{1} << kind.bits()) - 1;
  return static_cast<double>(static_cast<int64_t>((static_cast<uint64_t>(whole(x)) & mask) >> whole(n)));
}

using Unary = double (*)(double);
const std::map<std::string, Unary> kUnary = {
    {"abs", [](double x) { return std::fabs(x); }},
    {"acos", [](double x) { return std::acos(x); }},
    {"asin", [](double x) { return std::asin(x); }},
    {"atan", [](double x) { return std::atan(x); }},
    {"ceil", [](double x) { return std::ceil(x); }},
    {"cinv", [](double x) { return 1 / x; }},
    {"cos", [](double x) { return std::cos(x); }},
    {"cosh", [](double x) { return std::cosh(x); }},
    {"exp", [](double x) { return std::exp(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"frac", [](double x) { return x - std::trunc(x); }},
    {"log", [](double x) { return std::log(x); }},
    {"log1p", [](double x) { return std::log1p(x); }},
    {"neg", [](double x) { return -x; }},
    {"round", [](double x) { return std::round(x); }},
    {"rsqrt", [](double x) { return 1 / std::sqrt(x); }},
    {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"sign", [](double x) { return x > 0   ? 1.0
                                   : x < 0 ? -1.0
                                           : 0.0; }},
    {"sin", [](double x) { return std::sin(x); }},
    {"sinh", [](double x) { return std::sinh(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
    {"tan", [](double x) { return std::tan(x); }},
    {"tanh", [](double x) { return std::tanh(x); }},
    {"trunc", [](double x) { return std::trunc(x); }},
};

// A tensor and a number, or two tensors
using Binary = double (*)(const Kind&, double, double);
const Binary kFmod = [](const Kind&, double x, double y) { return std::fmod(x, y); };
const Binary kRemainder = [](const Kind&, double x, double y) { return floorRemainder(x, y); };
const Binary kLeft = [](const Kind&, double x, double y) { return x * std::exp2(y); };
const Binary kPower = [](const Kind&, double x, double y) { return std::pow(x, y); };
const std::map<std::string, Binary> kBinary = {
    {"add", [](const Kind&, double x, double y) { return x + y; }},
    {"csub", [](const Kind&, double x, double y) { return x - y; }},
    {"mul", [](const Kind&, double x, double y) { return x * y; }},
    {"cmul", [](const Kind&, double x, double y) { return x * y; }},
    {"div", quotient},
    {"cdiv", quotient},
    {"fmod", kFmod},
    {"mod", kFmod},
    {"cfmod", kFmod},
    {"cmod", kFmod},
    {"remainder", kRemainder},
    {"cremainder", kRemainder},
    {"cmax", [](const Kind&, double x, double y) { return x != x || y != y ? NAN : std::max(x, y); }},
    {"cmin", [](const Kind&, double x, double y) { return x != x || y != y ? NAN : std::min(x, y); }},
    {"lshift", kLeft},
    {"clshift", kLeft},
    {"rshift", shiftedRight},
    {"crshift", shiftedRight},
    {"bitand", [](const Kind&, double x, double y) { return static_cast<double>(whole(x) & whole(y)); }},
    {"bitor", [](const Kind&, double x, double y) { return static_cast<double>(whole(x) | whole(y)); }},
    {"bitxor", [](const Kind&, double x, double y) { return static_cast<double>(whole(x) ^ whole(y)); }},
    {"cbitand", [](const Kind&, double x, double y) { return static_cast<double>(whole(x) & whole(y)); }},
    {"cbitor", [](const Kind&, double x, double y) { return static_cast<double>(whole(x) | whole(y)); }},
    {"cbitxor", [](const Kind&, double x, double y) { return static_cast<double>(whole(x) ^ whole(y)); }},
    {"cpow", kPower},
    {"pow", kPower},
    {"atan2", [](const Kind&, double x, double y) { return std::atan2(x, y); }},
    {"lt", [](const Kind&, double x, double y) { return x < y ? 1.0 : 0.0; }},
    {"le", [](const Kind&, double x, double y) { return x <= y ? 1.0 : 0.0; }},
    {"gt", [](const Kind&, double x, double y) { return x > y ? 1.0 : 0.0; }},
    {"ge", [](const Kind&, double x, double y) { return x >= y ? 1.0 : 0.0; }},
    {"eq", [](const Kind&, double x, double y) { return x == y ? 1.0 : 0.0; }},
    {"ne", [](const Kind&, double x, double y) { return x != y ? 1.0 : 0.0; }},
};

/// The operands of one call as numbers, in the order of the signature without its result.
using Formula = std::function<double(const Kind&, const Values&)>;

/// The formula of an overload; empty when this file has none.
Formula formulaFor(const std::string& name, const std::string& operands) {
  if (operands == "T" && kUnary.count(name))
    return [f = kUnary.at(name)](const Kind&, const Values& v) { return f(v[0]); };
  if ((operands == "T num" || operands == "T T" || operands == "num T") && kBinary.count(name))
    return [f = kBinary.at(name)](const Kind& kind, const Values& v) { return f(kind, v[0], v[1]); };
  const std::map<std::string, Formula> others = {
      {"add T [num=1] T", [](const Kind&, const Values& v) { return v[0] + v[1] * v[2]; }},
      {"csub T [num=1] T", [](const Kind&, const Values& v) { return v[0] - v[1] * v[2]; }},
      {"addcmul T [num=1] T T", [](const Kind&, const Values& v) { return v[0] + v[1] * v[2] * v[3]; }},
      {"addcdiv T [num=1] T T",
       [](const Kind& kind, const Values& v) { return v[0] + quotient(kind, v[1] * v[2], v[3]); }},
      {"clamp T num num",
       [](const Kind&, const Values& v) { return v[0] < v[1]   ? v[1]
                                                 : v[0] > v[2] ? v[2]
                                                               : v[0]; }},
      {"lerp T T num", [](const Kind&, const Values& v) { return v[0] + v[2] * (v[1] - v[0]); }},
  };
  const auto found = others.find(name + " " + operands);
  return found == others.end() ? Formula() : found->second;
}

/// Elements that a first operand meets. Quarters are exact in every floating type, and so are most results.
Tensor firstOperand(const std::string& name, const Kind& kind, Sizes sizes) {
  if (kind.integral()) return integers(kind.type, sizes, kind.isUnsigned() ? 0 : -100, 100);
  const Tensor x = integers(kDouble, sizes, -12, 12).div(4);
  const double special[] = {INFINITY, -INFINITY, NAN,   0,    -0.0,  1e-6,  30,    -30,    87.5,
                            88.8,     -88.8,     709.5, 710., -745., -750., 1e-40, 5e-320, 1e30,
                            -1e30,    3e38,      1e300, 5e15, -5e15, 1e-20, -1e-20};
  // The remainder of a huge number is all rounding.
  const int64_t known = name.find("remainder") == std::string::npos ? std::size(special) : 5;
  const int64_t count = std::min<int64_t>(known, x.nElement() / 3);
  for (int64_t i = 0; i < count; ++i) x.data<double>()[3 * i] = special[i];
  return x.to(kind.type);
}

/// Elements of the others: no integer is 0, for some of them divide; shifts stay small, powers fit the type.
Tensor laterOperand(const std::string& name, const Kind& kind, Sizes sizes, uint64_t seed) {
  if (!kind.integral()) return integers(kDouble, sizes, -8, 8, seed).div(4).to(kind.type);
  const Tensor x = integers(kDouble, sizes, 1, 7, seed);
  const bool negates = !kind.isUnsigned() && name.find("shift") == std::string::npos && name != "cpow";
  for (int64_t i = 0; negates && i < x.nElement(); i += 2) x.data<double>()[i] *= -1;
  if (name == "cpow")
    for (int64_t i = 0; i < x.nElement(); ++i) x.data<double>()[i] = std::fmod(x.data<double>()[i], 4);
  return x.to(kind.type);
}

bool close(const Kind& kind, double actual, double expected) {
  if (std::isnan(expected)) return std::isnan(actual);
  if (actual == expected) return true;
  if (kind.integral() || std::isinf(expected)) return false;
  const double epsilon = kind.type == kFloat ? 4e-6 : 1e-14;
  return std::fabs(actual - expected) <= epsilon * std::max(1.0, std::fabs(expected));
}

/// One overload with its operands for a type.
struct Call {
  const Op& op;
  const Overload& overload;
  Formula formula;
  Kind kind;
  Type resultType;
  std::vector<std::string> words;  // the signature, without the result

  /// Tensors and numbers for the operands; `sizes` are those of the tensors.
  std::vector<Tensor> tensors(Sizes sizes) const {
    std::vector<Tensor> made;
    for (size_t i = 0; i < words.size(); ++i)
      if (words[i] == "T")
        made.push_back(made.empty() && op.name != "cpow" ? firstOperand(op.name, kind, sizes)
                                                         : laterOperand(op.name, kind, sizes, i + 2));
    return made;
  }
  double number(size_t at) const { return op.name == "clamp" && at == 1 ? 1 : 3; }

  void run(const Tensor& result, const std::vector<Tensor>& operands) const {
    std::vector<Value> values(1);
    values[0].tensor = result.impl();
    size_t next = 0;
    for (size_t i = 0; i < words.size(); ++i) {
      Value value;
      if (words[i] == "T") {
        value.tensor = operands[next++].impl();
      } else {
        value.number = number(i);
      }
      values.push_back(value);
    }
    Returned returned;
    overload.invoke(values.data(), returned);
  }

  /// The formula on each element of operands of equal sizes, as the result's type holds it.
  Values expected(const std::vector<Tensor>& operands) const {
    std::vector<Values> columns;
    for (const Tensor& x : operands) columns.push_back(test::values(x));
    Values results, row(words.size());
    for (size_t i = 0; i < columns[0].size(); ++i) {
      size_t next = 0;
      for (size_t w = 0; w < words.size(); ++w) row[w] = words[w] == "T" ? columns[next++][i] : number(w);
      results.push_back(formula(kind, row));
    }
    // Logical shifts of negative 64-bit integers exceed what doubles convert to.
    return resultType == kLong ? results : test::values(vectorOf(resultType, results));
  }

  void check(const Tensor& result, const Values& wanted) const {
    const Values actual = test::values(result);
    REQUIRE(actual.size() == wanted.size());
    for (size_t i = 0; i < wanted.size(); ++i)
      if (!close(kind, actual[i], wanted[i])) {
        CHECK(actual[i] == wanted[i]);
        return;
      }
  }
};

std::vector<std::string> wordsOf(const std::string& arguments) {
  std::vector<std::string> words;
  for (size_t at = 0; at < arguments.size();) {
    const size_t end = std::min(arguments.find(' ', at), arguments.size());
    const std::string word = arguments.substr(at, end - at);
    words.push_back(word == "[num=1]" ? "num" : word);
    at = end + 1;
  }
  return words;
}

const char* const kRowNames[] = {
#define UNARY(name, functor, types, help) #name,
#define UNARY_ONLY                        UNARY
#define SCALAR                            UNARY
#define BINARY                            UNARY
#define SCALED                            UNARY
#define TERNARY                           UNARY
#define COMPARE(name, functor, help)      #name,
#include "tensor/ops/pointwise.def"
#undef UNARY
#undef UNARY_ONLY
#undef SCALAR
#undef BINARY
#undef SCALED
#undef TERNARY
#undef COMPARE
    "pow", "clamp", "lerp"};

bool isPointwise(const std::string& name) {
  return std::any_of(std::begin(kRowNames), std::end(kRowNames),
                     [&](const std::string& row) { return row == name || row == name + "_"; });
}

/// Calls body for each pointwise overload that has a tensor result, in each of its types.
template <class Body> void forEachCall(Body body) {
  for (const Op& op : opTable().ops()) {
    if (!isPointwise(op.name)) continue;
    for (const Overload& overload : op.overloads) {
      if (overload.arguments.find('>') == std::string::npos) continue;  // on plain numbers
      const size_t end = overload.arguments.find(' ');
      const std::string operands = overload.arguments.substr(end + 1);
      const Formula formula = formulaFor(op.name, operands);
      INFO(op.name << " " << overload.arguments);
      REQUIRE(formula);
      for (int d = 0; d < kDTypes; ++d) {
        const Type type{static_cast<DType>(d)};
        if (!contains(overload.types, type.dtype)) continue;
        if (contains(Floating, type.dtype) && op.name.find("bit") != std::string::npos) continue;
        const bool bytes = overload.arguments.find(">Byte") != std::string::npos;
        INFO("type " << tensorTypeName(type));
        body(Call{op, overload, formula, Kind{type}, bytes ? kByte : type, wordsOf(operands)});
      }
    }
  }
}

std::vector<Tensor> inLayouts(const std::vector<Tensor>& operands, Layout layout) {
  std::vector<Tensor> views;
  for (const Tensor& x : operands) views.push_back(inLayout(x, layout, 1));
  return views;
}

TEST_CASE("pointwise_rows_compute_their_formula_in_every_layout") {
  forEachCall([](const Call& call) {
    const auto operands = call.tensors({37, 5});
    const Values expected = call.expected(operands);
    for (const Layout layout : kLayouts)
      for (const Layout resultLayout : kLayouts) {
        const Tensor result = inLayout(Tensor(call.resultType, {37, 5}).zero(), resultLayout);

        call.run(result, inLayouts(operands, layout));

        call.check(result, expected);
      }
  });
}

TEST_CASE("pointwise_rows_make_a_fresh_result_and_work_in_place") {
  forEachCall([](const Call& call) {
    const auto operands = call.tensors({3, 4, 5});
    const Values expected = call.expected(operands);

    const Tensor fresh(call.resultType);
    call.run(fresh, operands);
    CHECK(sizesOf(fresh) == Dims{3, 4, 5});
    call.check(fresh, expected);
    if (call.resultType == call.kind.type)
      for (size_t target = 0; target < operands.size(); ++target) {
        const auto views = inLayouts(operands, Layout::Transposed);
        call.run(views[target], views);
        call.check(views[target], expected);
      }
  });
}

TEST_CASE("pointwise_rows_of_large_tensors_are_what_their_parts_are") {
  forEachCall([](const Call& call) {
    const int64_t rows = 200, columns = 170;  // enough for two threads; the parts are not
    const auto operands = inLayouts(call.tensors({rows, columns}), Layout::Transposed);
    const Tensor result(call.resultType), part(call.resultType), joined(call.resultType, {rows, columns});

    call.run(result, operands);

    for (int64_t row = 0; row < rows; row += 100) {
      std::vector<Tensor> parts;
      for (const Tensor& x : operands) parts.push_back(x.narrow(0, row, 100));
      call.run(part, parts);
      joined.narrow(0, row, 100).copy(part);
    }
    CHECK(std::memcmp(result.data(), joined.data(),
                      static_cast<size_t>(rows * columns * elementSize(call.resultType.dtype))) == 0);
  });
}

TEST_EACH_TYPE(transposed_operands_of_any_size_meet_their_partners, RealTypes) {
  // Whole tiles and parts of tiles, in short and long rows.
  for (const Shape& sizes :
       {Shape{16, 16}, Shape{17, 31}, Shape{603, 70}, Shape{40, 530}, Shape{3, 50, 37}}) {
    const int64_t last = sizes.size() - 1;
    Shape swapped = sizes;
    std::swap(swapped[last - 1], swapped[last]);
    Shape spread = swapped;
    spread.push(2);
    const Type type = typeOf<TestType>;
    const Tensor x = integers(type, swapped, 0, 10).transpose(last - 1, last),
                 y = integers(type, sizes, 0, 10, 2),
                 z = integers(type, spread, 0, 10, 3).select(last + 1, 1).transpose(last - 1, last),
                 line = integers(type, {sizes[last]}, 0, 10, 4).expand(sizes), result(type), expected(type);

    addcmul(result, x, 1, line, z);
    addcmul(expected, x.contiguous(), 1, line.contiguous(), z.contiguous());
    CHECK(values(result) == values(expected));
    addcmul(result, y, 2, x, x);
    addcmul(expected, y, 2, x.contiguous(), x.contiguous());
    CHECK(values(result) == values(expected));
  }
}

TEST_EACH_TYPE(short_rows_that_repeat_meet_all_their_partners, RealTypes) {
  for (const Shape& sizes : {Shape{2, 3}, Shape{1000, 2}, Shape{31, 31}, Shape{130, 316}, Shape{4, 30, 37}}) {
    Shape ones = sizes;
    ones[sizes.size() - 2] = 1;
    const Type type = typeOf<TestType>;
    const Tensor x = integers(type, sizes, 0, 10), row = integers(type, ones, 0, 10, 2).expand(sizes),
                 line = integers(type, {sizes[sizes.size() - 1]}, 0, 10, 3).expand(sizes), result(type),
                 expected(type);

    addcmul(result, x, 2, row, line);
    addcmul(expected, x, 2, row.contiguous(), line.contiguous());
    CHECK(values(result) == values(expected));
  }
}

TEST_EACH_TYPE(columns_and_numbers_meet_whole_rows, RealTypes) {
  for (const Shape& sizes : {Shape{5, 15}, Shape{5, 16}, Shape{7, 300}, Shape{3, 4, 513}}) {
    Shape ones = sizes;
    ones[sizes.size() - 1] = 1;
    const Type type = typeOf<TestType>;
    const Tensor x = integers(type, sizes, 0, 10), column = integers(type, ones, 0, 10, 2).expand(sizes),
                 number = integers(type, {1}, 1, 10, 3).expand(sizes), result(type), expected(type);

    addcmul(result, x, 2, column, number);
    addcmul(expected, x, 2, column.contiguous(), number.contiguous());
    CHECK(values(result) == values(expected));
    addcmul(result, column, 2, x, x);
    addcmul(expected, column.contiguous(), 2, x, x);
    CHECK(values(result) == values(expected));
  }
}

TEST_CASE("an_element_of_the_result_is_read_as_it_is_when_its_turn_comes") {
  const Tensor x = Tensor(kFloat, {2, 20}).fill(1);

  add(x, x, 1, x.narrow(1, 0, 1).expand({2, 20}));

  CHECK(x.at({1, 0}) == 2);
  CHECK(x.at({1, 19}) == 3);  // Torch7's numbers: the first element is doubled first
}

TEST_CASE("a_row_of_the_result_is_read_as_it_is_when_its_turn_comes") {
  const Tensor x = tensorOf(kFloat, {3, 2}, {1, 2, 3, 4, 5, 6});

  add(x, x, 1, x.narrow(0, 0, 1).expand({3, 2}));

  CHECK(values(x) == Values{2, 4, 5, 8, 7, 10});  // Torch7's numbers: the first row is doubled first
}

TEST_CASE("pointwise_rows_of_empty_tensors_are_empty") {
  forEachCall([](const Call& call) {
    const std::vector<Tensor> operands(4, Tensor(call.kind.type));
    const Tensor result = Tensor(call.resultType, {2}).zero();

    call.run(result, operands);

    CHECK(result.empty());
  });
}

TEST_CASE("pointwise_rows_pair_operands_up_in_logical_order_or_broadcast_them") {
  forEachCall([](const Call& call) {
    const auto operands = call.tensors({6, 4});
    if (operands.size() < 2) return;
    const Tensor result(call.resultType);

    auto reshaped = operands;
    reshaped.back() = operands.back().view({4, 6});
    call.run(result, reshaped);
    CHECK(sizesOf(result) == Dims{6, 4});
    call.check(result, call.expected(operands));

    auto row = operands, expanded = operands;
    row.back() = operands.back().select(0, 2);
    expanded.back() = row.back().expand({6, 4});
    call.run(result, row);
    CHECK(sizesOf(result) == Dims{6, 4});
    call.check(result, call.expected(expanded));
    const Tensor again(call.resultType);
    call.run(again, expanded);
    call.check(again, call.expected(expanded));
  });
}

TEST_CASE("pointwise_rows_broadcast_the_first_operand_into_another_result") {
  forEachCall([](const Call& call) {
    const auto operands = call.tensors({6, 4});
    if (operands.size() < 2) return;
    // The first is a row, the second whole, a third a column: all of them decide on the sizes.
    auto parts = operands, expanded = operands;
    parts[0] = operands[0].select(0, 2);
    if (operands.size() > 2) parts[2] = operands[2].narrow(1, 1, 1);
    for (size_t i = 0; i < parts.size(); ++i) expanded[i] = parts[i].expand({6, 4});
    const Values expected = call.expected(expanded);
    const Tensor result(call.resultType);

    call.run(result, parts);
    CHECK(sizesOf(result) == Dims{6, 4});
    call.check(result, expected);

    if (call.resultType != call.kind.type) return;
    for (const size_t i : {operands.size() - 1, size_t{1}}) {  // an operand that is needed to the end
      const Tensor kept = parts[i], both = kept.clone();
      parts[i] = both;
      call.run(both, parts);
      call.check(both, expected);
      parts[i] = kept;
    }
    auto row = operands, whole = operands;
    row[1] = operands[1].select(0, 3).clone();
    whole[1] = row[1].expand({6, 4});
    const Values other = call.expected(whole);
    call.run(row[1], row);
    call.check(row[1], other);

    const Tensor before = parts[0].clone(), first = parts[0].clone();
    parts[0] = first;
    parts[1] = expanded[1];
    CHECK_ERROR(call.run(first, parts),
                call.op.name == "lerp" ? "sizes do not match" : "inconsistent tensor size");
    CHECK(std::memcmp(first.data(), before.data(), static_cast<size_t>(4 * elementSize(first.dtype()))) == 0);
  });
}

TEST_CASE("pointwise_rows_refuse_operands_that_do_not_fit") {
  forEachCall([](const Call& call) {
    auto operands = call.tensors({2, 3});
    if (operands.size() < 2) return;
    const Tensor result = Tensor(call.resultType, {1}).fill(7);

    operands.back() = operands.back().view({6}).narrow(0, 0, 5);
    CHECK_ERROR(call.run(result, operands),
                call.op.name == "lerp" ? "sizes do not match" : "inconsistent tensor size");
    operands.back() = Tensor(call.kind.type == kByte ? kInt : kByte, {2, 3}).fill(1);
    CHECK_ERROR(call.run(result, operands), "expected torch.");
    CHECK(values(result) == Values{7});
  });
}

TEST_CASE("forms_on_plain_numbers") {
  for (const Op& op : opTable().ops()) {
    if (!isPointwise(op.name)) continue;
    for (const Overload& overload : op.overloads) {
      if (overload.arguments.find('>') != std::string::npos) continue;
      Value numbers[3];
      for (int i = 0; i < 3; ++i) numbers[i].number = 0.75 - 0.25 * i;
      Returned returned;

      overload.invoke(numbers, returned);

      INFO(op.name);
      CHECK(returned.kind == Returned::Number);
      const double expected = op.name == "lerp"       ? 0.75 + 0.25 * (0.5 - 0.75)
                              : kUnary.count(op.name) ? kUnary.at(op.name)(0.75)
                                                      : kBinary.at(op.name)(Kind{kDouble}, 0.75, 0.5);
      CHECK(returned.number == Approx(expected).epsilon(1e-15));
    }
  }
}

TEST_EACH_TYPE(arithmetic_wraps_as_torch7s_does, RealTypes) {
  const Type type = typeOf<TestType>;
  if (contains(Floating, type.dtype)) return;
  const Tensor x = vectorOf(type, {200, -3, 100}), r(type);

  mul(r, x, 3);

  CHECK(values(r) == values(vectorOf(type, {600, -9, 300}).to(kLong).to(type)));
}

TEST_EACH_TYPE(floating_types_have_no_bits, FloatingTypes) {
  const Tensor x = vectorOf(typeOf<TestType>, {1, 2}), r = vectorOf(x.type(), {7});

  for (const auto f : {bitand_, bitor_, bitxor})
    CHECK_ERROR(f(r, x, 1), "argument 2 (x): only supported for integer type tensors, got torch.");
  for (const auto f : {cbitand, cbitor, cbitxor})
    CHECK_ERROR(f(r, x, x), "only supported for integer type tensors");
  CHECK_ERROR(bitand_(r, x, 1), "bitand: argument 2");
  CHECK(values(r) == Values{7});
}

TEST_CASE("integers_truncate_scalar_arguments") {
  const Tensor x = vectorOf(kInt, {7, -7}), r(kInt);

  div(r, x, 2.5);
  CHECK(values(r) == Values{3, -3});
  add(r, x, -1.9);
  CHECK(values(r) == Values{6, -8});
}

TEST_CASE("integer_division_by_zero_is_an_error_and_changes_nothing") {
  const Tensor x = vectorOf(kInt, {7, 8}), zeros = vectorOf(kInt, {1, 0}), r = vectorOf(kInt, {5});

  CHECK_ERROR(div(r, x, 0), "integer division by zero");
  CHECK_ERROR(div(r, x, 0.9), "integer division by zero");
  CHECK_ERROR(fmod(r, x, 0), "integer division by zero");
  CHECK_ERROR(remainder(r, x, 0), "integer division by zero");
  CHECK_ERROR(cdiv(r, x, zeros), "integer division by zero");
  CHECK_ERROR(cfmod(r, x, zeros), "integer division by zero");
  CHECK_ERROR(cremainder(r, x, zeros), "integer division by zero");
  CHECK_ERROR(addcdiv(r, x, 1, x, zeros), "integer division by zero");
  const Tensor bytes = vectorOf(kByte, {7});
  CHECK_ERROR(div(bytes, bytes, 256), "integer division by zero");  // which is 0 as a byte
  CHECK(values(r) == Values{5});
}

TEST_EACH_TYPE(the_smallest_integer_divided_by_minus_one_wraps, RealTypes) {
  if constexpr (std::is_integral_v<TestType> && std::is_signed_v<TestType>) {
    const Tensor x(typeOf<TestType>, {1}), r(x.type());
    x.data<TestType>()[0] = std::numeric_limits<TestType>::min();

    div(r, x, -1);
    CHECK(r.data<TestType>()[0] == std::numeric_limits<TestType>::min());
    fmod(r, x, -1);
    CHECK(r.data<TestType>()[0] == 0);
    remainder(r, x, -1);
    CHECK(r.data<TestType>()[0] == 0);
  }
}

TEST_EACH_TYPE(integer_powers_beyond_the_type_are_defined, RealTypes) {
  const Tensor x = vectorOf(typeOf<TestType>, {0, 100, 2}), y = vectorOf(x.type(), {100, 100, 3}),
               r(x.type());

  cpow(r, x, y);

  CHECK(r.at({0}) == 0);
  CHECK(r.at({2}) == 8);
  if (std::is_integral_v<TestType>) CHECK(r.at({1}) == 0);
}

TEST_CASE("pow_with_the_exponents_that_have_formulas") {
  const Tensor x = vectorOf(kDouble, {2, 9, -3}), r(kDouble);
  for (const double p : {1.0, 2.0, 3.0, 0.5, -0.5, -1.0, -2.0, 0.0, 1.5}) {
    pow(r, x, p);

    for (int64_t i = 0; i < 3; ++i) {
      const double expected = std::pow(x.at({i}), p);
      CHECK((std::isnan(expected) ? std::isnan(r.at({i})) : r.at({i}) == Approx(expected).epsilon(1e-15)));
    }
  }
}

TEST_CASE("powers_of_floats_round_as_the_double_power_does") {
  constexpr int64_t kStep = 20011;  // between the bits of neighbours: all exponents, denormal numbers too
  std::vector<float> positive;
  for (uint32_t bits = 1; bits < 0x7f800000; bits += kStep) positive.push_back(std::bit_cast<float>(bits));
  const Tensor x(kFloat, {static_cast<int64_t>(positive.size())}), r(kFloat);
  std::copy(positive.begin(), positive.end(), x.data<float>());
  for (const float p : {1.7f, -1.7f, 0.1f, -0.3f, 1e-6f, 2.5f, 4.0f, -7.0f, 33.3f, 1e4f, -1e30f}) {
    INFO("exponent " << p);

    pow(r, x, p);

    int far = 0, different = 0;
    for (int64_t i = 0; i < x.nElement(); ++i) {
      const auto expected = static_cast<float>(std::pow(double{x.data<float>()[i]}, double{p}));
      const int distance = std::abs(std::bit_cast<int>(r.data<float>()[i]) - std::bit_cast<int>(expected));
      far += distance > 1;
      different += distance > 0;
    }
    CHECK(far == 0);
    CHECK(different < x.nElement() / 100);
  }
}

TEST_CASE("powers_of_floats_that_are_not_positive_and_finite") {
  const auto infinity = static_cast<double>(INFINITY);
  const Values bases = {0.0, -0.0, infinity, -infinity, NAN, -2.0, -0.5, -1.0, -1e-40, 1.0, 3.0};
  const Tensor x = vectorOf(kFloat, bases), r(kFloat);
  for (const double p : {5.0, -5.0, 4.0, -4.0, 2.5, -2.5, 0.25, 1e-3, 1e20, 0.0, infinity, -infinity,
                         static_cast<double>(NAN)}) {
    pow(r, x, p);

    for (int64_t i = 0; i < x.nElement(); ++i) {
      INFO(x.data<float>()[i] << " to the power of " << p);
      const float expected = std::pow(x.data<float>()[i], static_cast<float>(p)), y = r.data<float>()[i];
      CHECK(std::isnan(y) == std::isnan(expected));
      if (std::isnan(expected)) continue;
      CHECK(y == Approx(expected).epsilon(1e-6));
      CHECK(std::signbit(y) == std::signbit(expected));
    }
  }
}

TEST_CASE("remainder_rounds_twice_as_torch7s_does") {
  const Tensor r(kDouble);

  remainder(r, vectorOf(kDouble, {1}), 0.1);

  CHECK(r.item() == 0);
}

TEST_CASE("clamp_with_reversed_bounds") {
  const Tensor x = vectorOf(kDouble, {0, 2, 5}), r(kDouble);

  clamp(r, x, 3, 1);

  CHECK(values(r) == Values{3, 3, 1});
}

TEST_CASE("equal_compares_sizes_and_elements") {
  const Tensor x = tensorOf(kDouble, {2, 2}, {1, 2, 3, 4}), empty(kDouble);

  CHECK(equal(x, inLayout(x, Layout::Strided)));
  CHECK_FALSE(equal(x, x.view({4})));
  CHECK_FALSE(equal(x, x.t()));
  CHECK(equal(empty, Tensor(kDouble)));
  CHECK_FALSE(equal(empty, x));
  CHECK_FALSE(equal(vectorOf(kDouble, {NAN}), vectorOf(kDouble, {NAN})));
  CHECK_ERROR(equal(x, x.to(kFloat)), "expected torch.DoubleTensor");
}

}  // namespace

// Large results are stored past the cache, by whole lines: the ends are where that goes wrong.
TEST_CASE("a_large_result_is_whole_whatever_its_alignment") {
  const int64_t n = (int64_t{1} << 22) + 37;
  const Tensor x(kFloat, {n}), memory = Tensor(kFloat, {n + 40}).fill(-1);
  float* p = x.data<float>();
  for (int64_t i = 0; i < n; ++i) p[i] = static_cast<float>(i % 1000);
  for (const int64_t offset : {0, 1, 17}) {
    const Tensor result = memory.narrow(0, offset, n);

    mul(result, x, 2);
    CHECK(equal(result, [&] {
      const Tensor y = x.clone();
      return y.add(y);
    }()));
    sigmoid(result, x);
    const Tensor last = Tensor(kFloat, {1000});
    sigmoid(last, x.narrow(0, n - 1000, 1000));
    CHECK(equal(result.narrow(0, n - 1000, 1000), last));
  }
  CHECK(memory.at({n + 39}) == -1);
}

}  // namespace cresset::test
