"""What clients/python does, for ClientsTest: behaviour.py PACKAGE basics|order|stream|hostile URL; the last line is JSON."""

import asyncio
import json
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])
from kis_gateway import AsyncGateway, Gateway, GatewayError, Refused, Unavailable  # noqa: E402


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
    events = gateway.events(["trades", "orders", "executions"], ["005930"], last_event_id="A1:0", wait=90)
    seen = {"trades": 0, "disconnected": 0, "executions": [], "epochs": 0}
    placed = False  # resuming has an ack of its own
    for message in events:
        if message.get("op") == "hello":
            seen["epochs"] += 1
        if message.get("op") == "ack" and not placed:
            placed = True
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


def hostile(url):
    """Against a server that answers by the case which a request names; each result in words."""
    gateway = Gateway(url, "key", operator_token="token", timeout=1)

    def accepts(host):
        try:
            Gateway("http://" + host, "key")
            return True
        except ValueError:
            return False

    def failure(call):
        try:
            return call()
        except GatewayError as ended:
            unknown = "unknown" if ended.may_have_arrived else "not made"
            key = ended.idempotency_key
            return [type(ended).__name__, unknown, key, key is not None and key in str(ended)]

    def batch_failure(case):
        try:
            return len(list(gateway.batch_quotes([case])))
        except Unavailable:
            return "Unavailable"

    def seconds(call):
        start = time.monotonic()
        failure(call)
        return time.monotonic() - start

    def kinds(case):
        found = []
        try:
            for message in gateway.events(["trades"], [case], wait=20):
                kind = message.get("op") or message["ch"]
                found.append(" ".join(str(part) for part in (kind, message.get("seq"), message.get("from"), message.get("to")) if part))
                if kind == "end" or len(found) > 9:
                    break
        except Exception as ended:
            found.append(type(ended).__name__)
        return found

    def closed():
        events = gateway.events(["trades"], ["case-heartbeats"])
        threading.Timer(0.5, events.close).start()
        for _ in events:
            pass

    cases = json.loads(sys.argv[4])
    return {
        "hosts": [host for host in cases["hosts"] if accepts(host)],
        "order": gateway.place_order(order("case-unreadable"))["order_id"],
        "never": failure(lambda: gateway.place_order(order("case-never"))),
        "lost": failure(lambda: gateway.place_order(order("case-lost"))),
        "given": failure(lambda: gateway.place_order(order("case-never"), idempotency_key="given")),
        "redirected": [
            failure(lambda: gateway.place_orders({"account_id": "A1", "orders": [order("case-redirected")]})),
            batch_failure("case-redirected"),
            kinds("case-redirected"),
        ],
        "slow": seconds(lambda: gateway.place_orders({"account_id": "A1", "orders": [order("case-slow")]})),
        "closed": seconds(closed),
        "batches": {case: batch_failure("case-" + case) for case in cases["batches"]},
        "streams": {case: kinds("case-" + case) for case in cases["streams"]},
    }


programs = {"basics": basics, "order": place, "stream": stream, "hostile": hostile}
print(json.dumps(programs[sys.argv[2]](sys.argv[3]), default=str))
