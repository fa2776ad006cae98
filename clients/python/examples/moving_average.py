"""Two moving averages on live one-minute bars, with a bracket for each entry.

PYTHONPATH=clients/python/src python3 clients/python/examples/moving_average.py 005930    (or with the client installed)

It can be stopped and started again at any time: the idempotency key of an entry is made of the bar that it follows, so that
the same bar never buys twice, and the bracket's exits are watched by the gateway.
"""

import sys
from decimal import Decimal

from kis_gateway import Gateway, Refused

SHORT, LONG, QTY = 5, 20, 1
TAKE_PROFIT, STOP = Decimal("1.01"), Decimal("0.99")


def on_tick(price: Decimal, tick: Decimal) -> int:
    """The price on the grid of the exchange, rounded down."""
    return int(price // tick * tick)


def main(symbol: str) -> None:
    gateway = Gateway()
    page = gateway.bars(symbol, "1m", limit=LONG + 1)
    # Newest first; the newest is still open, and comes again when it is final.
    closes = [Decimal(bar["close"]) for bar in reversed(page["bars"][1:])]
    print(f"{symbol}: {len(closes)} of {LONG + 1} minutes known; each minute that ends is a line", flush=True)
    for message in gateway.events(["bars:1m"], [symbol]):
        if message.get("ch") != "bars:1m" or not message.get("final"):
            if message.get("op") in ("missed", "disconnected"):
                print("not complete:", message)
            continue
        closes = [*closes, Decimal(message["close"])][-LONG - 1 :]
        print(f"{symbol}: closed at {closes[-1]:,}", flush=True)
        if len(closes) <= LONG:
            continue
        before = sum(closes[-SHORT - 1 : -1]) / SHORT - sum(closes[-LONG - 1 : -1]) / LONG
        now = sum(closes[-SHORT:]) / SHORT - sum(closes[-LONG:]) / LONG
        if before <= 0 < now:
            enter(gateway, symbol, closes[-1], message["ts"])


def enter(gateway: Gateway, symbol: str, price: Decimal, bar: int) -> None:
    tick = Decimal(gateway.instrument(symbol)["tick_size"])
    try:
        parent = gateway.create_parent(
            {
                "kind": "BRACKET",
                "order": {
                    "account_id": "A1",
                    "symbol": symbol,
                    "side": "BUY",
                    "qty": QTY,
                    "strategy_id": "moving-average",
                },
                "take_profit": {"price": on_tick(price * TAKE_PROFIT, tick)},
                "stop": {"price": on_tick(price * STOP, tick)},
            },
            idempotency_key=f"moving-average-{symbol}-{bar}",
        )
        print("bought:", parent["parent_id"])
    except Refused as refused:
        print("not bought:", refused)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "005930")
