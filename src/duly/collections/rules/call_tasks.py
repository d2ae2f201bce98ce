"""Keys of the tasks that a call raises, so that they are found when it is taken back."""

from duly.kernel.ids import digest

_HALF = 32  # of a key's 64 characters


def again_key(call_id: int) -> str:
    """Of calling again on the day that was named."""
    return digest("call", str(call_id))


def avoidance_key(call_id: int) -> str:
    """Of going a step further: this try was one too many that reached nobody."""
    return digest("avoidance", str(call_id))


def copies_key(call_id: int) -> str:
    """With what the keys of all copies begin that were asked for in a call."""
    return digest("copy", str(call_id))[:_HALF]


def copy_key(call_id: int, item_id: int) -> str:
    """Of sending a copy of an item."""
    return copies_key(call_id) + digest("item", str(item_id))[:_HALF]
