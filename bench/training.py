"""One step of stochastic gradient descent on a batch of 128: forward, loss, backward, update."""
from timing import import_torch, row

torch = import_torch()
import nets


def step(net, x):
    y = torch.randint(0, 10, (x.shape[0],))
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)

    def run():
        optimizer.zero_grad()
        torch.nn.functional.nll_loss(net(x), y).backward()
        optimizer.step()

    return run


row("mlp_784-512-10_step", step(nets.mlp(), torch.rand(128, 784)))
row("lenet_step", step(nets.lenet(), torch.rand(128, 1, 28, 28)))
