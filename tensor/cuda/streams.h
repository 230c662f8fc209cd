// Streams by number, the same for all devices: 0 is the default stream, the others are made on request.
#pragma once

#include <vector>

namespace cresset::cuda {

/// Makes sure that every device has `count` user streams.
void reserveStreams(int count);
int streamCount();
/// The number of this thread's stream.
int streamNumber();
/// Throws Error `5 is not a valid stream, valid range is: (0, 2)`.
void setStreamNumber(int number);
void synchronizeStream(int number);
/// Work given to `waiting` from now on waits for all work given to `others` so far. On the current device.
void waitForStreams(int waiting, const std::vector<int>& others);

}  // namespace cresset::cuda
