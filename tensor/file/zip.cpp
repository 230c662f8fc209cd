#include "tensor/file/zip.h"

#include <zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <memory>
#include <vector>

#include "tensor/Error.h"
#include "tensor/file/format.h"
#include "tensor/file/npy.h"

namespace cresset::npz {
namespace {

constexpr uint64_t kMostExpansion = 1032;  // of deflate: two bits for a match of 258 bytes
constexpr std::string_view kSuffix = ".npy";
constexpr size_t kBuffer = 64 << 10;  // bytes

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

/// A member of an archive that is read from start to end.
class Member final : public File {
 public:
  Member(zip_t* archive, uint64_t index, int64_t size, std::string name)
      : File({true, false}),
        member_(zip_fopen_index(archive, index, 0)),
        size_(size),
        name_(std::move(name)) {
    if (!member_) fail(name_, {zip_strerror(archive)});
  }

  int64_t position() override { return got_ - static_cast<int64_t>(buffer_.size() - begin_); }
  void seek(int64_t) override { fail(name_, {"a member of an archive is read in order"}); }
  void seekEnd() override { seek(0); }
  int64_t remaining() override { return size_ - position(); }
  void synchronize() override {}
  void close() override { member_.reset(); }
  bool isOpen() const override { return member_ != nullptr; }
  std::string toString() const override { return name_; }
  std::string name() const override { return name_; }

 protected:
  std::string_view look(int64_t atLeast) override {
    const auto wanted = static_cast<size_t>(atLeast);
    if (buffer_.size() - begin_ < wanted) {
      buffer_.erase(0, begin_);
      begin_ = 0;
      size_t end = buffer_.size();
      buffer_.resize(std::max(kBuffer, wanted));
      while (end < wanted) {
        const int64_t here = next(buffer_.data() + end, static_cast<int64_t>(buffer_.size() - end));
        if (here == 0) break;
        end += static_cast<size_t>(here);
      }
      buffer_.resize(end);
    }
    return std::string_view(buffer_).substr(begin_);
  }
  void skip(int64_t n) override { begin_ += static_cast<size_t>(n); }
  int64_t take(void* to, int64_t n) override {
    auto* bytes = static_cast<char*>(to);
    int64_t taken = std::min(n, static_cast<int64_t>(buffer_.size() - begin_));
    std::memcpy(bytes, buffer_.data() + begin_, static_cast<size_t>(taken));
    skip(taken);
    while (taken < n) {
      const int64_t here = next(bytes + taken, n - taken);
      if (here == 0) break;
      taken += here;
    }
    return taken;
  }
  int64_t put(const void*, int64_t) override { return 0; }

 private:
  // A wrong checksum and damaged packed bytes show here; 0 at the end.
  int64_t next(char* to, int64_t n) {
    const int64_t here = zip_fread(member_.get(), to, static_cast<uint64_t>(n));
    if (here < 0) fail(name_, {zip_file_strerror(member_.get())});
    got_ += here;
    return here;
  }

  std::unique_ptr<zip_file_t, CloseMember> member_;
  int64_t size_;
  std::string name_;
  std::string buffer_;
  size_t begin_ = 0;
  int64_t got_ = 0;
};

std::string messageOf(zip_error_t& error) {
  std::string message = zip_error_strerror(&error);
  zip_error_fini(&error);
  return message;
}

Archive open(const std::string& path, const std::string& name) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (archive) return Archive(archive);
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  fail(name, {"cannot read the zip archive: ", messageOf(error)});
}

// The size of a member that is plausible.
int64_t checkMember(const zip_stat_t& about, const std::string& context) {
  constexpr zip_uint64_t kNeeded =
      ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((about.valid & kNeeded) != kNeeded) fail(context, {"damaged entry"});
  if (about.encryption_method != ZIP_EM_NONE) fail(context, {"is encrypted"});
  if (about.comp_method != ZIP_CM_STORE && about.comp_method != ZIP_CM_DEFLATE)
    fail(context, {"expected stored or deflated bytes, got method ", text(int64_t{about.comp_method})});
  const uint64_t most = about.comp_method == ZIP_CM_STORE ? 1 : kMostExpansion;
  if (about.comp_size > INT64_MAX / kMostExpansion || about.size > about.comp_size * most)
    fail(context, {"claims ", std::to_string(about.size), " bytes, more than its ",
                   std::to_string(about.comp_size), " packed bytes can hold"});
  return static_cast<int64_t>(about.size);
}

arrays::NamedTensors readArchive(const std::string& path) {
  const std::string name = "torch.DiskFile <" + path + ">";
  const Archive archive = open(path, name);
  std::error_code unknown;
  const uint64_t fileSize = std::filesystem::file_size(path, unknown);
  if (unknown) fail(name, {unknown.message()});

  arrays::NamedTensors tensors;
  uint64_t packed = 0;
  const auto n = static_cast<uint64_t>(zip_get_num_entries(archive.get(), 0));
  for (uint64_t i = 0; i < n; ++i) {
    zip_stat_t about;
    if (zip_stat_index(archive.get(), i, 0, &about) != 0) fail(name, {zip_strerror(archive.get())});
    std::string_view key = about.valid & ZIP_STAT_NAME ? about.name : "";
    const std::string context = name + ": '" + t7::printable(key) + "'";
    if (!key.ends_with(kSuffix))
      fail(context,
           {"no NumPy array (.npy); the file may be another archive, such as a checkpoint of PyTorch"});
    key.remove_suffix(kSuffix.size());
    Member member(archive.get(), i, checkMember(about, context), context);
    packed += about.comp_size;
    if (packed > fileSize) fail(context, {"shares its bytes with another member"});
    tensors.emplace_back(key, npy::read(member));
    if (!member.peek(1).empty())
      fail(context, {"bytes follow the array"});  // at the end the checksum is known
  }
  arrays::checkNames(name, tensors);
  return tensors;
}

/// Where libzip writes to. It calls back through C, so an exception waits in `error`.
struct Target {
  DiskFile& file;
  std::exception_ptr error;

  zip_int64_t call(void* data, zip_uint64_t length, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(
            ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
            ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_BEGIN_WRITE,
            ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE, ZIP_SOURCE_SEEK_WRITE,
            ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE, -1);
      case ZIP_SOURCE_STAT:
        zip_stat_init(static_cast<zip_stat_t*>(data));
        return sizeof(zip_stat_t);
      case ZIP_SOURCE_ERROR: {
        const int codes[] = {ZIP_ER_WRITE, EIO};
        std::memcpy(data, codes, sizeof codes);
        return sizeof codes;
      }
      case ZIP_SOURCE_WRITE:
        return file.writeString({static_cast<const char*>(data), length});
      case ZIP_SOURCE_TELL_WRITE:
        return file.position();
      case ZIP_SOURCE_SEEK_WRITE: {
        const auto* to = static_cast<const zip_source_args_seek_t*>(data);
        if (to->whence == SEEK_END) file.seekEnd();
        file.seek(to->whence == SEEK_SET ? to->offset : file.position() + to->offset);
        return 0;
      }
      case ZIP_SOURCE_OPEN:
      case ZIP_SOURCE_CLOSE:
      case ZIP_SOURCE_BEGIN_WRITE:
      case ZIP_SOURCE_COMMIT_WRITE:
      case ZIP_SOURCE_ROLLBACK_WRITE:
      case ZIP_SOURCE_REMOVE:
      case ZIP_SOURCE_FREE:
        return 0;
      default:  // nothing is read back
        return -1;
    }
  }
};

zip_int64_t callTarget(void* target, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  auto& self = *static_cast<Target*>(target);
  try {
    return self.call(data, length, command);
  } catch (...) {
    self.error = std::current_exception();
    return -1;
  }
}

void writeArchive(DiskFile& to, const arrays::NamedTensors& tensors, Compression compression) {
  if (tensors.empty()) {  // libzip would remove an archive without members
    to.writeString(std::string("PK\x05\x06") + std::string(18, '\0'));
    return;
  }
  Target target{to, nullptr};
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* sink = zip_source_function_create(callTarget, &target, &error);
  if (!sink) fail("npz", {messageOf(error)});
  zip_t* opened = zip_open_from_source(sink, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (!opened) {
    zip_source_free(sink);
    fail("npz", {messageOf(error)});
  }
  // Members are read when the archive is closed: what they point to lives until then, so it is declared
  // first.
  std::vector<std::string> headers;
  std::vector<Tensor> hosts;
  headers.reserve(tensors.size());
  Archive archive(opened);
  for (const auto& [name, x] : tensors) {
    headers.push_back(npy::header(x));
    const Tensor& host = hosts.emplace_back(arrays::toWrite(x));
    const zip_buffer_fragment_t fragments[] = {
        {reinterpret_cast<zip_uint8_t*>(headers.back().data()), headers.back().size()},
        {static_cast<zip_uint8_t*>(host.data()),
         static_cast<uint64_t>(host.nElement() * elementSize(host.dtype()))}};
    zip_source_t* source = zip_source_buffer_fragment(archive.get(), fragments, host.empty() ? 1 : 2, 0);
    const std::string member = name + std::string(kSuffix);
    const int64_t index = source ? zip_file_add(archive.get(), member.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
      zip_source_free(source);
      fail("npz", {"'", t7::printable(name), "': ", zip_strerror(archive.get())});
    }
    const auto at = static_cast<uint64_t>(index);
    zip_set_file_compression(archive.get(), at,
                             compression == Compression::Stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
    zip_file_set_dostime(archive.get(), at, 0, 0x21,
                         0);  // 1980-01-01, as NumPy does: equal arrays, equal bytes
  }
  if (zip_close(archive.get()) != 0) {
    if (target.error) std::rethrow_exception(target.error);
    fail("npz", {"cannot write the zip archive: ", zip_strerror(archive.get())});
  }
  (void)archive.release();  // closing has freed it
}

}  // namespace
}  // namespace cresset::npz

const cresset::npz::ZipModule cresset_zip = {cresset::npz::readArchive, cresset::npz::writeArchive};
