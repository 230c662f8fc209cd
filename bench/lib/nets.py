"""The networks that are timed; nets.lua has the same."""
from torch import nn


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10), nn.LogSoftmax(1))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.ReLU(True), nn.MaxPool2d(2),
        nn.Conv2d(20, 50, 5), nn.ReLU(True), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(800, 500), nn.ReLU(True),
        nn.Linear(500, 10), nn.LogSoftmax(1))
