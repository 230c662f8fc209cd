// Writing to a pipe that nobody reads any more should be an error, not the end of the process.
#pragma once

#include <signal.h>

#include <ctime>

namespace cresset {

/// While it lives, SIGPIPE does not reach this thread: a write to a broken pipe fails with EPIPE.
class BlockPipeSignal {
 public:
  explicit BlockPipeSignal(bool wanted) {
    if (!wanted) return;
    sigset_t pending;
    sigpending(&pending);
    if (sigismember(&pending, SIGPIPE) == 1) return;  // blocked by somebody else already
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    active_ = pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  BlockPipeSignal(const BlockPipeSignal&) = delete;
  BlockPipeSignal& operator=(const BlockPipeSignal&) = delete;
  ~BlockPipeSignal() {
    if (!active_) return;
    const timespec now = {};
    while (sigtimedwait(&pipe_, nullptr, &now) > 0) {  // a signal of ours would be delivered on unblocking
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  bool active_ = false;
  sigset_t pipe_{}, before_{};
};

}  // namespace cresset
