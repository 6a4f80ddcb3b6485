"""What is handed from one module to another cannot be changed on the way."""

import dataclasses
import importlib
import pkgutil

import derivations
import weingarten

#: They collect, each within one call.
COLLECTING = {"Summand", "Program", "Names", "Checkpoints", "RunningGap", "_Open"}


def modules():
    for package in (weingarten, derivations):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                try:
                    yield importlib.import_module(module.name)
                except ModuleNotFoundError as missing:
                    assert missing.name == "torch"


def test_records_are_frozen():
    found = [
        (value.__name__, value.__dataclass_params__.frozen)
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and dataclasses.is_dataclass(value)
        and getattr(value, "__module__", "") == module.__name__
    ]
    assert len(found) > 80
    assert {name for name, frozen in found if not frozen} == COLLECTING
