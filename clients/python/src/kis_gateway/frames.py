"""Answers as pandas frames (pip install 'kis-gateway-client[frames]')."""

from typing import Any, Dict, List


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as missing:
        raise ImportError("frames need pandas: pip install 'kis-gateway-client[frames]'") from missing
    return pandas


def bars(page: Dict[str, Any]) -> Any:
    """The bars of a page, oldest first, by time: open, high, low, close, volume, turnover."""
    pandas = _pandas()
    frame = pandas.DataFrame(page["bars"])
    if frame.empty:
        return frame
    by = "ts" if "ts" in frame.columns else "date"
    frame[by] = pandas.to_datetime(frame[by])
    return frame.set_index(by).sort_index()


def rows(answer: List[Dict[str, Any]]) -> Any:
    """Positions, orders, executions and other lists, a row each."""
    return _pandas().DataFrame(answer)
