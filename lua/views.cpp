// Methods of tensors that give another view of the same storage.
#include <algorithm>

#include "lua/stack.h"
#include "lua/tensor.h"
#include "tensor/Error.h"

namespace cresset::lua {
namespace {

Tensor self(lua_State* L, const char* method) { return checkTensor(L, 1, method); }

/// A dimension as the caller counts, from 1; the tensor's own check follows.
int64_t dimAt(lua_State* L, int i, const char* method) { return checkInteger(L, i, method) - 1; }

int narrow(lua_State* L) {
  const Tensor x = self(L, "narrow");
  return push(L, x.narrow(dimAt(L, 2, "narrow"), checkInteger(L, 3, "narrow") - 1,
                          checkInteger(L, 4, "narrow"))),
         1;
}

int sub(lua_State* L) {
  Tensor x = self(L, "sub");
  const int n = lua_gettop(L) - 1;
  if (n < 2 || n % 2 != 0 || n > 8)
    fail("sub", {"expected 1 to 4 ranges of two numbers, got ", text(int64_t{n}), " arguments"});
  for (int d = 0; d < n / 2; ++d) {
    if (d >= x.dim()) fail("sub", {"invalid dimension ", text(int64_t{d} + 1), " of ", describe(x)});
    const auto bound = [&](int i) {
      const int64_t v = checkInteger(L, i, "sub");
      return v < 0 ? v + x.size(d) : v - 1;
    };
    const int from = 2 + 2 * d, to = from + 1;
    const int64_t first = bound(from), last = bound(to);
    const bool outside = first < 0 || first >= x.size(d) || last >= x.size(d);
    if (outside || last < first)
      fail("sub", {outside ? "out of range" : "end smaller than beginning", ": ",
                   text(checkInteger(L, from, "sub")), " to ", text(checkInteger(L, to, "sub")),
                   " in dimension ", text(int64_t{d} + 1), " of ", describe(x)});
    x = x.narrow(d, first, last - first + 1);
  }
  return push(L, x), 1;
}

int select(lua_State* L) {
  const Tensor x = self(L, "select");
  const int64_t d = dimAt(L, 2, "select"), index = checkInteger(L, 3, "select") - 1;
  if (x.dim() == 1) {  // gives the number, whatever the dimension says
    lua_pushnumber(L, x.select(0, index).item());
  } else {
    push(L, x.select(d, index));
  }
  return 1;
}

int transpose(lua_State* L) {
  return push(L, self(L, "transpose").transpose(dimAt(L, 2, "transpose"), dimAt(L, 3, "transpose"))), 1;
}
int t(lua_State* L) { return push(L, self(L, "t").t()), 1; }

int permute(lua_State* L) {
  const Tensor x = self(L, "permute");
  Shape dims = checkSizes(L, 2, "permute");
  for (int i = 0; i < dims.size(); ++i) --dims[i];
  return push(L, x.permute(dims)), 1;
}

int unfold(lua_State* L) {
  const Tensor x = self(L, "unfold");
  return push(L, x.unfold(dimAt(L, 2, "unfold"), checkInteger(L, 3, "unfold"), checkInteger(L, 4, "unfold"))),
         1;
}

/// x:f(sizes...), res:f(x, sizes...): with a tensor as second argument, the first receives the view.
template <class Make> int viewLike(lua_State* L, const char* method, Make make) {
  const Tensor first = self(L, method);
  if (toTensor(L, 2)) {
    const Tensor x = checkTensor(L, 2, method);
    const Tensor view = make(x, 3);
    first.set(view);
    return lua_pushvalue(L, 1), 1;
  }
  return push(L, make(first, 2)), 1;
}

int view(lua_State* L) {
  return viewLike(L, "view", [L](const Tensor& x, int i) {
    for (int k = i; k == i || k <= lua_gettop(L); ++k) {
      const StorageImpl* storage = k == i ? toStorage(L, k) : nullptr;
      if (!lua_isnumber(L, k) && !(storage && storage->type == kLong))
        throw Error("torch.view, expected LongStorage or numbers as sizes, got " + kindName(L, k));
    }
    return x.view(checkSizes(L, i, "view"));
  });
}

int expand(lua_State* L) {
  return viewLike(L, "expand", [L](const Tensor& x, int i) {
    const Shape sizes = checkSizes(L, i, "expand");
    if (sizes.size() != x.dim())
      fail("expand", {"the number of dimensions provided must equal tensor:dim(): got ",
                      text(int64_t{sizes.size()}), " for ", describe(x)});
    return x.expand(sizes);
  });
}

/// x:f(like), res:f(x, like).
template <Tensor (Tensor::*make)(Sizes) const> int viewAsLike(lua_State* L, const char* method) {
  const Tensor first = self(L, method);
  if (lua_gettop(L) >= 3) {
    first.set((checkTensor(L, 2, method).*make)(checkTensor(L, 3, method).sizes()));
    return lua_pushvalue(L, 1), 1;
  }
  return push(L, (first.*make)(checkTensor(L, 2, method).sizes())), 1;
}
int viewAs(lua_State* L) { return viewAsLike<&Tensor::view>(L, "viewAs"); }
int expandAs(lua_State* L) { return viewAsLike<&Tensor::expand>(L, "expandAs"); }

int repeatTensor(lua_State* L) {
  const Tensor first = self(L, "repeatTensor");
  const bool given = toTensor(L, 2) != nullptr;
  const Tensor x = given ? checkTensor(L, 2, "repeatTensor") : first;
  const Shape repeats = checkSizes(L, given ? 3 : 2, "repeatTensor");
  if (repeats.size() < x.dim())
    fail("repeatTensor",
         {"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: got ",
          text(int64_t{repeats.size()}), " for ", describe(x)});
  if (x.empty()) fail("repeatTensor", {"cannot repeat an empty tensor"});
  // Each dimension becomes a pair [repeat, size]; the expanded source is copied into the pairs.
  const int lead = repeats.size() - static_cast<int>(x.dim());
  Shape sizes, pairs, sourceSizes;
  for (int d = 0; d < repeats.size(); ++d) {
    if (repeats[d] < 1) fail("repeatTensor", {"expected positive counts, got ", text(repeats[d])});
    const int64_t size = d < lead ? 1 : x.size(d - lead);
    int64_t repeated;
    if (__builtin_mul_overflow(repeats[d], size, &repeated))
      fail("repeatTensor", {"too many elements: ", text(repeats[d]), " times ", describe(x)});
    sizes.push(repeated);
    pairs.push(repeats[d]);
    pairs.push(size);
    sourceSizes.push(1);
    sourceSizes.push(size);
  }
  const Tensor result(x.type(), sizes);
  result.view(pairs).copy(x.contiguous().view(sourceSizes).expand(pairs));
  if (given) {
    first.resizeAs(result).copy(result);
    return lua_pushvalue(L, 1), 1;
  }
  return push(L, result), 1;
}

/// Pieces of length n along d as an array table; `target` is a table to reuse, or 0.
int pushSplit(lua_State* L, const Tensor& x, int64_t n, int64_t d, int target, const char* method) {
  if (x.empty()) fail(method, {"cannot split an empty tensor"});
  checkDim(method, arg(3, "dim"), x, d);
  if (n < 1) fail(method, {"expected a positive size, got ", text(n)});
  if (target) {
    for (lua_pushnil(L); lua_next(L, target) != 0;) {  // emptied, as Torch7 does: not of its pieces alone
      lua_pop(L, 1);
      lua_pushvalue(L, -1);
      lua_pushnil(L);
      lua_rawset(L, target);
    }
    lua_pushvalue(L, target);
  } else {
    lua_newtable(L);
  }
  int piece = 0;
  for (int64_t first = 0; first < x.size(d); first += n) {
    push(L, x.narrow(d, first, std::min(n, x.size(d) - first)));
    lua_rawseti(L, -2, ++piece);
  }
  return 1;
}

int split(lua_State* L) {
  const int target = lua_istable(L, 1) ? 1 : 0, i = target + 1;
  const Tensor x = checkTensor(L, i, "split");
  return pushSplit(L, x, checkInteger(L, i + 1, "split"),
                   lua_isnoneornil(L, i + 2) ? 0 : dimAt(L, i + 2, "split"), target, "split");
}

int chunk(lua_State* L) {
  const int target = lua_istable(L, 1) ? 1 : 0, i = target + 1;
  const Tensor x = checkTensor(L, i, "chunk");
  const int64_t pieces = checkInteger(L, i + 1, "chunk"),
                d = lua_isnoneornil(L, i + 2) ? 0 : dimAt(L, i + 2, "chunk");
  if (x.empty()) fail("chunk", {"cannot split an empty tensor"});
  checkDim("chunk", arg(3, "dim"), x, d);
  if (pieces < 1) fail("chunk", {"expected a positive number of pieces, got ", text(pieces)});
  return pushSplit(L, x, (x.size(d) + pieces - 1) / pieces, d, target, "chunk");
}

}  // namespace

void setViewMethods(lua_State* L) {
  const Function methods[] = {
      {"narrow", protect<narrow>},
      {"sub", protect<sub>},
      {"select", protect<select>},
      {"transpose", protect<transpose>},
      {"t", protect<t>},
      {"permute", protect<permute>},
      {"unfold", protect<unfold>},
      {"view", protect<view>},
      {"viewAs", protect<viewAs>},
      {"expand", protect<expand>},
      {"expandAs", protect<expandAs>},
      {"repeatTensor", protect<repeatTensor>},
      {"split", protect<split>},
      {"chunk", protect<chunk>},
  };
  setFunctions(L, methods);
}

}  // namespace cresset::lua
