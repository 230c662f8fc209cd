// Tests of tensor/print: Torch7's text byte for byte (torch.md, section 34).
#include "tensor/ops/creation.h"
#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// Joins lines, each with its newline.
std::string lines(std::initializer_list<const char*> list) {
  std::string text;
  for (const char* line : list) text += std::string(line) + "\n";
  return text;
}

Tensor rangeOf(double last, Sizes sizes) {
  const Tensor x(kDouble);
  range(x, 1, last);
  return x.resize(sizes);
}

TEST_CASE("an_empty_tensor") {
  CHECK(Tensor(kDouble).toString() == "[torch.DoubleTensor with no dimension]\n");
}

TEST_CASE("vectors_choose_a_format_for_all_elements") {
  const auto print = [](const Values& v) { return vectorOf(kDouble, v).toString(); };

  CHECK(print({1, 2, 3}) == lines({" 1", " 2", " 3", "[torch.DoubleTensor of size 3]"}));
  CHECK(print({1, 2.5, -3}) == lines({" 1.0000", " 2.5000", "-3.0000", "[torch.DoubleTensor of size 3]"}));
  CHECK(print({-10, 5}) == lines({"-10", "  5", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({0.001, 0.002}) == lines({"0.001 *", " 1.0000", " 2.0000", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({0.0001, 1000}) == lines({" 1.0000e-04", " 1.0000e+03", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({1000.5, 1}) == lines({" 1000.5000", "    1.0000", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({100000.5, 5000.5}) ==
        lines({"100000 *", " 1.0000", " 0.0500", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({123456789, 1}) == lines({" 123456789", "         1", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({1234567890, 1}) == lines({" 1.2346e+09", " 1.0000e+00", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({INFINITY, 1}) == lines({"        inf", " 1.0000e+00", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({1e100, 1.5}) == lines({" 1.0000e+100", "  1.5000e+00", "[torch.DoubleTensor of size 2]"}));
  CHECK(print({NAN, 1}) == lines({"nan", "1.000000", "[torch.DoubleTensor of size 2]"}));
}

TEST_CASE("matrices_in_rows") {
  CHECK(tensorOf(kDouble, {2, 2}, {-1, 2, 3, 4}).toString() ==
        lines({"-1  2", " 3  4", "[torch.DoubleTensor of size 2x2]"}));
  CHECK(tensorOf(kByte, {2, 2}, {1, 2, 255, 4}).toString() ==
        lines({"   1    2", " 255    4", "[torch.ByteTensor of size 2x2]"}));
  CHECK(tensorOf(kDouble, {2, 2}, {0.001, 0.002, 0.003, -0.004}).toString() ==
        lines({"0.001 *", "  1.0000  2.0000", "  3.0000 -4.0000", "[torch.DoubleTensor of size 2x2]"}));
}

TEST_CASE("more_dimensions_in_slices") {
  CHECK(rangeOf(8, {2, 2, 2}).toString() ==
        lines({"(1,.,.) = ", "  1  2", "  3  4", "", "(2,.,.) = ", "  5  6", "  7  8",
               "[torch.DoubleTensor of size 2x2x2]"}));
  CHECK(rangeOf(8, {2, 2, 2}).mul(0.001).toString() ==
        lines({"(1,.,.) = ", " 0.001 *", "   1.0000  2.0000", "   3.0000  4.0000", "", "(2,.,.) = ",
               " 0.001 *", "   5.0000  6.0000", "   7.0000  8.0000", "[torch.DoubleTensor of size 2x2x2]"}));
  CHECK(rangeOf(16, {2, 2, 2, 2}).toString() ==
        lines({"(1,1,.,.) = ", "   1   2", "   3   4", "", "(2,1,.,.) = ", "   9  10", "  11  12", "",
               "(1,2,.,.) = ", "   5   6", "   7   8", "", "(2,2,.,.) = ", "  13  14", "  15  16",
               "[torch.DoubleTensor of size 2x2x2x2]"}));
}

TEST_CASE("wide_matrices_in_blocks_of_columns") {
  CHECK(rangeOf(30, {1, 30}).toString() ==
        lines({"Columns 1 to 20",
               "  1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19  20", "",
               "Columns 21 to 30", " 21  22  23  24  25  26  27  28  29  30",
               "[torch.DoubleTensor of size 1x30]"}));
  CHECK(rangeOf(30, {1, 30}).mul(0.001).toString() ==
        lines({"Columns 1 to 10", "0.01 *",
               "  0.1000  0.2000  0.3000  0.4000  0.5000  0.6000  0.7000  0.8000  0.9000  1.0000", "",
               "Columns 11 to 20", "0.01 *",
               "  1.1000  1.2000  1.3000  1.4000  1.5000  1.6000  1.7000  1.8000  1.9000  2.0000", "",
               "Columns 21 to 30", "0.01 *",
               "  2.1000  2.2000  2.3000  2.4000  2.5000  2.6000  2.7000  2.8000  2.9000  3.0000",
               "[torch.DoubleTensor of size 1x30]"}));
}

TEST_CASE("wide_slices_indent_only_their_first_columns_line") {
  CHECK(rangeOf(40, {2, 1, 20}).mul(0.001).toString() ==
        lines({"(1,.,.) = ",
               " Columns 1 to 9",
               " 0.01 *",
               "   0.1000  0.2000  0.3000  0.4000  0.5000  0.6000  0.7000  0.8000  0.9000",
               "",
               "Columns 10 to 18",
               " 0.01 *",
               "   1.0000  1.1000  1.2000  1.3000  1.4000  1.5000  1.6000  1.7000  1.8000",
               "",
               "Columns 19 to 20",
               " 0.01 *",
               "   1.9000  2.0000",
               "",
               "(2,.,.) = ",
               " Columns 1 to 9",
               " 0.01 *",
               "   2.1000  2.2000  2.3000  2.4000  2.5000  2.6000  2.7000  2.8000  2.9000",
               "",
               "Columns 10 to 18",
               " 0.01 *",
               "   3.0000  3.1000  3.2000  3.3000  3.4000  3.5000  3.6000  3.7000  3.8000",
               "",
               "Columns 19 to 20",
               " 0.01 *",
               "   3.9000  4.0000",
               "[torch.DoubleTensor of size 2x1x20]"}));
}

TEST_CASE("other_types_and_layouts") {
  CHECK(vectorOf(kFloat, {0.1, 0.25}).toString() ==
        lines({" 0.1000", " 0.2500", "[torch.FloatTensor of size 2]"}));
  for (const Layout layout : kLayouts)
    CHECK(inLayout(tensorOf(kInt, {2, 2}, {1, 2, 3, 4}), layout).toString() ==
          lines({" 1  2", " 3  4", "[torch.IntTensor of size 2x2]"}));
  CHECK(vectorOf(kHalf, {0.5}).toString() == lines({" 0.5000", "[torch.HalfTensor of size 1]"}));
}

TEST_CASE("storages") {
  const auto print = [](Type type, const Values& v) { return toString(vectorOf(type, v).storage()); };

  CHECK(print(kLong, {2, 3}) == lines({" 2", " 3", "[torch.LongStorage of size 2]"}));
  CHECK(print(kDouble, {1.5, 2}) == lines({" 1.5000", " 2.0000", "[torch.DoubleStorage of size 2]"}));
  CHECK(toString(Storage(kInt, 0)) == "[torch.IntStorage of size 0]\n");
}

}  // namespace
}  // namespace cresset::test
