"""Decodes frames of KIS with another program's own code, and prints how fast.

    python3 decode.py LIBRARY FRAMES SECONDS

LIBRARY is python-kis, mojito or official; FRAMES a file with a frame a line, H0STCNT0 of 46 columns, one record in each.
Prints {"records": N, "processor_seconds": S}, or ends with 3 and a sentence when the library is not installed.
"""

import asyncio
import json
import os
import sys
import tempfile
import time

TRADE_COLUMNS = 46
NOT_INSTALLED = 3


def python_kis():
    """github.com/Soju06/python-kis: a typed object for each record."""
    from pykis.api.websocket import WEBSOCKET_RESPONSES_MAP
    from pykis.responses.websocket import KisWebsocketResponse

    def decode(frames):
        records = 0
        for frame in frames:
            _, name, count, body = frame.split("|", 3)
            for _record in KisWebsocketResponse.parse(
                body, count=int(count), response_type=WEBSOCKET_RESPONSES_MAP[name]
            ):
                records += 1
        return records

    return decode


def mojito():
    """github.com/sharebook-kr/mojito: a dict of texts for each record. Its queue between processes is left out."""
    from mojito.koreainvestment import KoreaInvestmentWS

    class Counter:
        records = 0

        def put(self, _record):
            self.records += 1

    def decode(frames):
        socket = object.__new__(KoreaInvestmentWS)
        socket.queue = Counter()
        for frame in frames:
            _, _, count, body = frame.split("|", 3)
            socket.parse_execution(count, body)
        return socket.queue.records

    return decode


def official():
    """github.com/koreainvestment/open-trading-api, examples_user/kis_auth.py: a data frame of pandas for each frame."""
    home = tempfile.mkdtemp()
    os.environ["HOME"] = home
    os.makedirs(os.path.join(home, "KIS", "config"))
    with open(os.path.join(home, "KIS", "config", "kis_devlp.yaml"), "w") as settings:
        settings.write("my_agent: bench\nmy_prod: '01'\n")
    import kis_auth

    columns = ["c%d" % n for n in range(TRADE_COLUMNS)]
    kis_auth.add_data_map(tr_id="H0STCNT0", columns=columns, encrypt="N")
    records = 0

    class Frames:
        def __init__(self, frames):
            self.frames = iter(frames)

        def __aiter__(self):
            return self

        async def __anext__(self):
            try:
                return next(self.frames)
            except StopIteration:
                raise StopAsyncIteration from None

    def count(_socket, _name, frame, _about):
        nonlocal records
        records += len(frame)

    def decode(frames):
        nonlocal records
        records = 0
        socket = kis_auth.KISWebSocket("/tryitout")
        socket.on_result = count
        asyncio.run(getattr(socket, "_KISWebSocket__subscriber")(Frames(frames)))
        return records

    return decode


LIBRARIES = {"python-kis": python_kis, "mojito": mojito, "official": official}


def main(library, path, seconds):
    try:
        decode = LIBRARIES[library]()
    except ImportError as problem:
        print("%s is not installed for %s: %s" % (library, sys.executable, problem), file=sys.stderr)
        return NOT_INSTALLED
    with open(path, encoding="utf-8") as lines:
        frames = lines.read().splitlines()
    if decode(frames) != len(frames):
        print("%s did not decode each frame" % library, file=sys.stderr)
        return 1
    records = 0
    began = time.process_time()
    while time.process_time() - began < seconds:
        records += decode(frames)
    print(json.dumps({"records": records, "processor_seconds": time.process_time() - began}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
