"""Starting the interpreter, as a process of its own."""
import subprocess
import sys

from timing import row


def start(code):
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


row("start", start(""))
row("start_require_nn", start("import torch.nn"))
