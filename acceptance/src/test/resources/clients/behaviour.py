"""What clients/python does, for ClientsTest: behaviour.py PACKAGE basics|order|stream URL; the last line is JSON."""

import asyncio
import json
import sys

sys.path.insert(0, sys.argv[1])
from kis_gateway import AsyncGateway, Gateway, Refused  # noqa: E402


def order(strategy, **more):
    return {"account_id": "A1", "symbol": "005930", "side": "BUY", "qty": 1, "strategy_id": strategy, **more}


def basics(url):
    gateway = Gateway(url)
    try:
        gateway.quote("nothing")
        code = "none"
    except Refused as refused:
        code = refused.code
    lowest = gateway.instrument("005930")["lower_limit"]
    first = gateway.place_order(order("basics", price=lowest), idempotency_key="py-basics")
    again = gateway.place_order(order("basics", price=lowest), idempotency_key="py-basics")
    dollars = gateway.quote("AAPL.NASD")["price"]

    async def concurrently():
        async with AsyncGateway(url) as other:
            return await asyncio.gather(*[other.quote(symbol) for symbol in ("005930", "000660", "035420")])

    return {
        "price": gateway.quote("005930")["price"],
        "code": code,
        "once": first["order_id"] == again["order_id"],
        "cancelled": gateway.cancel_order(first["order_id"])["status"],
        "exact": type(dollars).__name__ in ("Decimal", "int"),
        "batch": batch(gateway.batch_quotes(["005930", "AAPL.NASD", "000000"])),
        "bars": batch(gateway.batch_bars(["005930", "000660"], "D", limit=2)),
        "concurrent": [quote["symbol"] for quote in asyncio.run(concurrently())],
    }


def batch(messages):
    """How many lines of each kind."""
    kinds = {"expected": 0, "code": 0, "stats": 0, "symbol": 0}
    for message in messages:
        kinds[next(kind for kind in kinds if kind in message)] += 1
    return kinds


def place(url):
    gateway = Gateway(url, timeout=5)
    lowest = gateway.instrument("005930")["lower_limit"]
    return {"order": gateway.place_order(order("lost", price=lowest))["order_id"]}


def stream(url):
    gateway = Gateway(url)
    events = gateway.events(["trades", "orders", "executions"], ["005930"], wait=90)
    seen = {"trades": 0, "disconnected": 0, "executions": [], "epochs": 0}
    for message in events:
        if message.get("op") == "hello":
            seen["epochs"] += 1
        if message.get("op") == "ack" and seen["epochs"] == 1:
            gateway.place_order(order("before"))
        if message.get("op") == "disconnected":
            seen["disconnected"] += 1
        if message.get("ch") == "trades":
            seen["trades"] += 1
        if message.get("ch") == "executions":
            seen["executions"].append(message["exec_id"])
            if seen["disconnected"] and len(set(seen["executions"])) > 1:
                events.close()
                return seen


print(json.dumps({"basics": basics, "order": place, "stream": stream}[sys.argv[2]](sys.argv[3]), default=str))
