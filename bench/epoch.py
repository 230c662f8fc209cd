"""An epoch of LeNet on as many images as MNIST has, of its size, in random order."""
import os
import time

from timing import import_torch, report

torch = import_torch()
import nets

images = int(os.environ.get("CRESSET_BENCH_IMAGES", 60000))
data, labels = torch.rand(images, 1, 28, 28), torch.randint(0, 10, (images,))
net = nets.lenet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)

start = time.perf_counter()
shuffle = torch.randperm(images)
for first in range(0, images, 128):
    indices = shuffle[first : first + 128]
    x, y = data[indices], labels[indices]
    optimizer.zero_grad()
    torch.nn.functional.nll_loss(net(x), y).backward()
    optimizer.step()
report(f"lenet_epoch_{images}", time.perf_counter() - start)
