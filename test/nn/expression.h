// Modules, criterions and inputs from a line of text, for tests that go through tables of cases:
//
//     nn.Sequential():add(nn.Linear(4,3)):add(nn.Tanh())
//     {S(2,4),L{1,3}}
//
// Understood are numbers, nil, true, false, 'strings', tables, L{...} (LongTensor), torch.Tensor{...},
// torch.ones(...), torch.LongStorage{...}, nn.Class(...) and the methods of the registry. The generators give
// for element k of the sizes: S sin(0.5 + 1.3k), S2 sin(2.1 + 0.7k), P 0.1 + |S|, P01 0.1 + 0.8 |S|. Methods
// of the tests' own: training(), evaluate(), float(), and fill('field', value), which fills a tensor field.
#pragma once

#include <string>

#include "nn/Criterion.h"
#include "nn/Module.h"

namespace cresset::nn {

/// Throws Error naming the text when it is not understood.
ModulePtr makeModule(const std::string& text);
CriterionPtr makeCriterion(const std::string& text);
Activity makeActivity(const std::string& text);
/// True when the text starts with the name of a registered criterion.
bool isCriterion(const std::string& text);

/// A tensor of doubles with element(k) for element k.
template <class F> Tensor tensorOf(Sizes sizes, F element) {
  const Tensor x(kDouble, sizes);
  double* p = x.data<double>();
  for (int64_t k = 0; k < x.nElement(); ++k) p[k] = element(k);
  return x;
}

/// The tensor field of that name; nil when the class has none.
Tensor fieldOf(Module& module, const std::string& name);

}  // namespace cresset::nn
