"""Places limit buys that rest, one after the other, with another program's own code, and prints how fast.

    python3 place.py LIBRARY URL ACCOUNT ORDERS SECONDS

LIBRARY is python-kis, mojito or official; URL that of a simulator of KIS, ACCOUNT such as 50123456-01,
ORDERS a file with an order a line: symbol, quantity and price.
Prints {"orders": N, "seconds": S, "p50_ms": …, "p99_ms": …}, or ends with 3 and a sentence when the library is not installed.
"""

import json
import os
import sys
import tempfile
import time

APP_SECRET = "S" * 180
WARMUPS = 20
NOT_INSTALLED = 3


def app_key(library):
    """One for each, because KIS gives a key one token a minute."""
    return library.ljust(36, "P")


def python_kis(url, account):
    """github.com/Soju06/python-kis, which itself sends 19 calls a second at most."""
    import pykis
    import pykis.kis

    pykis.kis.REAL_DOMAIN = url
    kis = pykis.PyKis(
        id="bench", account=account, appkey=app_key("python-kis"), secretkey=APP_SECRET, keep_token=False, use_websocket=False
    )
    trading = kis.account()

    def place(symbol, quantity, price):
        return bool(trading.buy("KRX", symbol, price=price, qty=quantity).number)

    return place


def mojito(url, account):
    """github.com/sharebook-kr/mojito, which asks for a hash before each order."""
    from mojito.koreainvestment import KoreaInvestment

    KoreaInvestment.set_base_url = lambda broker, mock: setattr(broker, "base_url", url)
    broker = KoreaInvestment(app_key("mojito"), APP_SECRET, account)

    def place(symbol, quantity, price):
        return broker.create_limit_buy_order(symbol, price, quantity)["rt_cd"] == "0"

    return place


def official(url, account):
    """github.com/koreainvestment/open-trading-api, examples_user."""
    number, product = account.split("-")
    folder = os.path.join(os.environ["HOME"], "KIS", "config")
    os.makedirs(folder)
    settings = {
        "my_agent": "bench",
        "my_app": app_key("official"),
        "my_sec": APP_SECRET,
        "my_htsid": "bench",
        "my_acct_stock": number,
        "my_prod": product,
        "my_token": "",
        "prod": url,
        "ops": url.replace("http", "ws"),
    }
    with open(os.path.join(folder, "kis_devlp.yaml"), "w") as file:
        json.dump(settings, file)  # is YAML, too
    import kis_auth
    from domestic_stock.domestic_stock_functions import order_cash

    kis_auth.auth("prod", product)

    def place(symbol, quantity, price):
        order = order_cash("real", "buy", number, product, symbol, "00", str(quantity), str(price), "KRX")
        return not order.empty

    return place


LIBRARIES = {"python-kis": python_kis, "mojito": mojito, "official": official}


def main(library, url, account, path, seconds):
    os.environ["HOME"] = tempfile.mkdtemp()  # where each of them keeps its token
    try:
        place = LIBRARIES[library](url, account)
    except ImportError as problem:
        print("%s is not installed for %s: %s" % (library, sys.executable, problem), file=sys.stderr)
        return NOT_INSTALLED
    with open(path, encoding="utf-8") as lines:
        orders = [(symbol, int(quantity), int(price)) for symbol, quantity, price in map(str.split, lines)]
    for number in range(WARMUPS):
        if not place(*orders[number]):
            print("%s: an order was refused" % library, file=sys.stderr)
            return 1
    times = []
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        sent = time.monotonic()
        if not place(*orders[(WARMUPS + len(times)) % len(orders)]):
            print("%s: an order was refused" % library, file=sys.stderr)
            return 1
        times.append(1_000 * (time.monotonic() - sent))
    elapsed = time.monotonic() - began
    times.sort()
    print(
        json.dumps(
            {
                "orders": len(times),
                "seconds": elapsed,
                "p50_ms": times[len(times) // 2],
                "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)],
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], float(sys.argv[5])))
