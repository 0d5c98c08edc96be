"""Makes the logs of this folder with the frameworks' own writers; README.md beside it names their versions.

Needs torch, lightning, keras, transformers, accelerate and tensorboard, none of which the project itself needs, in an
environment of its own. Run it from the root of the repository: `PYTHONPATH=. python tests/data/logs/write_logs.py`.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import torch

import optimtext as ot

HERE = Path(__file__).parent
N_TRAIN, N_ALL, WIDTH = 160, 480, 64


def digits() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return few pictures to learn from and twice as many to check: a network will learn them by heart."""
    data = ot.datasets.digits()
    x = torch.tensor(data.features[:N_ALL] / 16, dtype=torch.float32)
    y = torch.tensor(data.targets[:N_ALL], dtype=torch.int64)
    return x[:N_TRAIN], y[:N_TRAIN], x[N_TRAIN:], y[N_TRAIN:]


def network() -> torch.nn.Module:
    """Return a small network, the same at each call."""
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(64, WIDTH), torch.nn.ReLU(), torch.nn.Linear(WIDTH, 10))


def lightning(folder: Path) -> None:
    """Write metrics.csv: rows for steps, for epochs and for validation, each with its own cells filled."""
    import lightning as pl
    from lightning.pytorch.callbacks import LearningRateMonitor
    from lightning.pytorch.loggers import CSVLogger

    class Digits(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net, self.loss = network(), torch.nn.CrossEntropyLoss()

        def training_step(self, batch, _):
            loss = self.loss(self.net(batch[0]), batch[1])
            self.log("train_loss", loss, on_step=True, on_epoch=True)
            return loss

        def validation_step(self, batch, _):
            self.log("val_loss", self.loss(self.net(batch[0]), batch[1]))

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=0.01)

    x, y, xv, yv = digits()
    pl.seed_everything(0)
    train = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=32, shuffle=True)
    check = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(xv, yv), batch_size=320)
    logger = CSVLogger(folder, name="", version="")
    trainer = pl.Trainer(
        max_epochs=60, logger=logger, log_every_n_steps=5, accelerator="cpu", enable_progress_bar=False,
        enable_model_summary=False, enable_checkpointing=False, callbacks=[LearningRateMonitor("step")],
    )  # fmt: skip
    trainer.fit(Digits(), train, check)
    shutil.copy(folder / "metrics.csv", HERE / "lightning_metrics.csv")


def keras(folder: Path) -> None:
    """Write the file of CSVLogger: one row an epoch; the rate is so large that the run oscillates or diverges."""
    import keras

    x, y, xv, yv = (part.numpy() for part in digits())
    for name, rate in (("keras_log.csv", 0.05), ("keras_diverged.csv", 1e6)):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.layers.Dense(WIDTH, activation="relu"), keras.layers.Dense(10)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        if "diverged" in name:
            loss = keras.losses.MeanSquaredError()
            y, yv = np.eye(10)[y.astype(int)], np.eye(10)[yv.astype(int)]
        model.compile(optimizer=keras.optimizers.SGD(learning_rate=rate), loss=loss, metrics=["accuracy"])
        logger = keras.callbacks.CSVLogger(str(folder / name))
        model.fit(x, y, validation_data=(xv, yv), epochs=40, batch_size=32, verbose=0, callbacks=[logger])
        shutil.copy(folder / name, HERE / name)


def hugging_face(folder: Path) -> None:
    """Write trainer_state.json: training and evaluation in one list, rate and gradient norm beside the loss."""
    from transformers import Trainer, TrainingArguments

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = network()

        def forward(self, x, labels=None):
            scores = self.net(x)
            return {"loss": torch.nn.functional.cross_entropy(scores, labels), "logits": scores}

    class Pictures(torch.utils.data.Dataset):  # type: ignore[type-arg]
        def __init__(self, x: torch.Tensor, y: torch.Tensor) -> None:
            self.x, self.y = x, y

        def __len__(self) -> int:
            return len(self.y)

        def __getitem__(self, i: int) -> dict[str, torch.Tensor]:
            return {"x": self.x[i], "labels": self.y[i]}

    x, y, xv, yv = digits()
    arguments = TrainingArguments(
        output_dir=str(folder), max_steps=300, per_device_train_batch_size=32, learning_rate=0.001, logging_steps=5,
        eval_strategy="steps", eval_steps=25, save_strategy="steps", save_steps=300, report_to=[], use_cpu=True, seed=0,
        disable_tqdm=True,
    )  # fmt: skip
    Trainer(Model(), arguments, train_dataset=Pictures(x, y), eval_dataset=Pictures(xv, yv)).train()
    shutil.copy(folder / "checkpoint-300" / "trainer_state.json", HERE / "trainer_state.json")


def tensorboard(folder: Path) -> None:
    """Write an event file with torch's SummaryWriter."""
    from torch.utils.tensorboard import SummaryWriter

    x, y, xv, yv = digits()
    net, order = network(), torch.Generator().manual_seed(0)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4)
    with SummaryWriter(str(folder)) as writer:
        for step in range(200):
            batch = torch.randint(N_TRAIN, (32,), generator=order)
            loss = torch.nn.functional.cross_entropy(net(x[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            writer.add_scalar("Loss/train", loss.item(), step)
            if step % 10 == 0:
                writer.add_scalar("Loss/val", torch.nn.functional.cross_entropy(net(xv), yv).item(), step)
    shutil.copy(next(folder.glob("events.*")), HERE / "events.out.tfevents.torch")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for make in (lightning, keras, hugging_face, tensorboard):
        if len(sys.argv) == 1 or make.__name__ in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as scratch:
                make(Path(scratch))
