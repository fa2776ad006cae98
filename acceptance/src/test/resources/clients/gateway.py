"""The gateway's stream by websockets and websocket-client, its events and REST by requests.

Usage: GATEWAY-URL WEBSOCKET-URL
The last line of its output is its report, as JSON.
"""
import asyncio
import json
import sys
import time

import requests
import websocket
import websockets

HTTP, WS = sys.argv[1], sys.argv[2]
PATIENCE = 30
seen = {}


def messages(text):
    frame = json.loads(text)
    return frame if isinstance(frame, list) else [frame]


SUBSCRIBE = json.dumps({"op": "subscribe", "channels": ["quotes"], "symbols": ["005930"], "id": "1"})


async def by_websockets():
    async with websockets.connect(WS + "/v1/stream", subprotocols=["kis-gateway.v1"]) as ws:
        seen["websockets_subprotocol"] = ws.subprotocol
        seen["websockets_hello"] = messages(await asyncio.wait_for(ws.recv(), PATIENCE))[0]["op"]
        await ws.send(SUBSCRIBE)
        acked = False
        while True:
            for message in messages(await asyncio.wait_for(ws.recv(), PATIENCE)):
                acked = acked or message.get("op") == "ack"
                if acked and message.get("ch") == "quotes":
                    seen["websockets_quote"] = message
                    return


asyncio.run(by_websockets())

# websocket-client names the address that it calls as its origin.
client = websocket.create_connection(WS + "/v1/stream", subprotocols=["kis-gateway.v1"], timeout=PATIENCE)
seen["websocket_client_hello"] = messages(client.recv())[0]["op"]
client.send(SUBSCRIBE)
seen["websocket_client_answers"] = [messages(client.recv())[0].get("op")]
client.close()

try:
    websocket.create_connection(WS + "/v1/stream", origin="http://elsewhere.example", timeout=PATIENCE)
    seen["foreign_origin"] = "taken"
except websocket.WebSocketBadStatusException as refused:
    seen["foreign_origin"] = refused.status_code

with requests.get(HTTP + "/v1/events", params={"channels": "quotes", "symbols": "005930"}, stream=True,
                  timeout=PATIENCE) as events:
    seen["events_type"] = events.headers["Content-Type"]
    kinds = []
    end = time.monotonic() + PATIENCE
    for line in events.iter_lines(chunk_size=1, decode_unicode=True):
        if line and line.startswith("data:"):
            for message in messages(line[5:]):
                kinds.append(message.get("op", message.get("ch")))
        if "quotes" in kinds or time.monotonic() > end:
            break
    seen["events"] = kinds

quote = requests.get(HTTP + "/v1/quotes/005930", timeout=PATIENCE)
seen["quote_status"], seen["quote_symbol"] = quote.status_code, quote.json()["symbol"]
order = {"account_id": "A1", "symbol": "005930", "side": "BUY", "qty": 1, "order_type": "MARKET"}
placed = [requests.post(HTTP + "/v1/orders", json=order, headers={"Idempotency-Key": "python-1"}, timeout=PATIENCE)
          for _ in range(2)]
seen["orders"] = [answer.status_code for answer in placed]
seen["one_order"] = placed[0].json().get("order_id") == placed[1].json().get("order_id")
print(json.dumps(seen))
