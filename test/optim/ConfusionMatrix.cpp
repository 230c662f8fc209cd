// The confusion matrix: counting, rates, text.
#include "optim/ConfusionMatrix.h"

#include "test/tensor/support.h"

namespace cresset::test {
namespace {

/// Seven samples of three classes: rows 3 1 0, 0 1 1, 0 0 1.
optim::ConfusionMatrix animals() {
  optim::ConfusionMatrix matrix(3, {"cat", "dog", "a bird"});
  matrix.batchAdd(vectorOf(kLong, {1, 1, 1, 2, 2, 3, 3}), vectorOf(kFloat, {1, 1, 1, 1, 2, 2, 3}));
  return matrix;
}

}  // namespace

TEST_EACH_TYPE(batchAdd_takes_classes_of_any_type, RealTypes) {
  optim::ConfusionMatrix matrix(2);

  matrix.batchAdd(vectorOf(typeOf<TestType>, {1, 2, 2}), tensorOf(typeOf<TestType>, {3, 1}, {1, 1, 2}));

  CHECK(values(matrix.mat) == Values{1, 1, 0, 1});
}

TEST_EACH_TYPE(batchAdd_takes_the_largest_score, FloatingTypes) {
  optim::ConfusionMatrix matrix(3);
  const Tensor scores = tensorOf(typeOf<TestType>, {2, 3}, {0.1, 0.7, 0.2, -1, -3, -2});

  matrix.batchAdd(inLayout(scores, Layout::Transposed), vectorOf(kDouble, {3, 1}));

  CHECK(values(matrix.mat) == Values{1, 0, 0, 0, 0, 0, 0, 1, 0});
}

TEST_CASE("targets below 1 are not counted") {
  optim::ConfusionMatrix matrix(2);

  matrix.batchAdd(vectorOf(kLong, {1, 9, 2}), vectorOf(kLong, {0, -1, 2}));
  matrix.add(1, 0);

  CHECK(values(matrix.mat) == Values{0, 0, 0, 1});
}

TEST_CASE("a bad batch counts nothing") {
  optim::ConfusionMatrix matrix(2);

  CHECK_ERROR(matrix.batchAdd(vectorOf(kLong, {1, 3}), vectorOf(kLong, {1, 1})), "index out of range");
  CHECK_ERROR(matrix.batchAdd(vectorOf(kLong, {1, 0}), vectorOf(kLong, {1, 1})), "index out of range");
  CHECK_ERROR(matrix.batchAdd(vectorOf(kLong, {1, 1}), vectorOf(kLong, {1, 3})),
              "targets: index out of range");
  CHECK_ERROR(matrix.batchAdd(vectorOf(kLong, {1, 1}), vectorOf(kLong, {1})), "got 2 and 1");
  CHECK_ERROR(matrix.batchAdd(Tensor(kFloat, {2, 2, 2}), vectorOf(kLong, {1, 1})),
              "predictions has invalid number of dimensions");
  CHECK_ERROR(matrix.batchAdd(vectorOf(kLong, {1}), Tensor(kFloat)),
              "targets has invalid number of dimensions");
  CHECK_ERROR(matrix.batchAdd(Tensor(kFloat, {2, 3}), vectorOf(kLong, {1, 1})),
              "expected 2 scores in each row");
  CHECK(values(matrix.mat) == Values{0, 0, 0, 0});
  CHECK_ERROR(optim::ConfusionMatrix(0), "expected a number of classes > 0, got 0");
}

TEST_CASE("updateValids computes rates from the counts") {
  optim::ConfusionMatrix matrix = animals();

  matrix.updateValids();

  CHECK(values(matrix.valids) == Values{0.75, 0.5, 1});
  CHECK(values(matrix.unionvalids) == Values{0.75, double(1.0f / 3), 0.5});
  CHECK(matrix.averageValid == 0.75);
  CHECK(matrix.totalValid == Approx(5.0 / 7));
}

TEST_CASE("classes without samples do not count in the averages") {
  optim::ConfusionMatrix matrix(3);
  matrix.add(1, 1);
  matrix.add(1, 2);

  matrix.updateValids();

  CHECK(std::isnan(matrix.valids.at({2})));
  CHECK(matrix.averageValid == 0.5);
  CHECK(matrix.averageUnionValid == 0.25);
}

TEST_CASE("farFrr lists classes with samples") {
  optim::ConfusionMatrix matrix(3);
  matrix.batchAdd(vectorOf(kLong, {1, 1, 1, 3}), vectorOf(kLong, {1, 3, 3, 3}));

  const auto rates = matrix.farFrr();

  CHECK(values(rates.classFrrs) == Values{0, -1, 1 - 1.0 / 3});
  CHECK(values(rates.classFars) == Values{2.0 / 3, -1, 0});
  CHECK(values(rates.frrs) == Values{0, 1 - 1.0 / 3});
  CHECK(values(rates.fars) == Values{2.0 / 3, 0});
}

TEST_CASE("toString prints Torch7's table") {
  optim::ConfusionMatrix matrix = animals();
  matrix.updateValids();

  CHECK(matrix.toString() ==
        "ConfusionMatrix:\n"
        "[[       3       1       0]   75.000% \t[class: cat]\n"
        " [       0       1       1]   50.000% \t[class: dog]\n"
        " [       0       0       1]]  100.000% \t[class: a bird]\n"
        " + average row correct: 75% \n"
        " + average rowUcol correct (VOC measure): 52.777778108915% \n"
        " + global correct: 71.428571428571%");
}

TEST_CASE("an empty matrix prints nan, a large count widens the columns") {
  optim::ConfusionMatrix matrix(2);
  matrix.updateValids();
  CHECK(matrix.toString() ==
        "ConfusionMatrix:\n"
        "[[       0       0]   nan% \n"
        " [       0       0]]  nan% \n"
        " + average row correct: nan% \n"
        " + average rowUcol correct (VOC measure): nan% \n"
        " + global correct: nan%");

  matrix.mat.fill(123456789);
  matrix.updateValids();
  CHECK(matrix.toString().find("[[ 123456789 123456789]   50.000% \n") != std::string::npos);
}

}  // namespace cresset::test
