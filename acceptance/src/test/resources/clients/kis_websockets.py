"""A program of KIS as the official samples write it: websockets without pings of its own and without Origin.

Usage: REST-URL WEBSOCKET-URL SECONDS
The last line of its output is its report, as JSON.
"""
import asyncio
import json
import sys

import requests
import websockets

REST, WS, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
KEY, SECRET = "PSPYTHONCLIENT0000000000000000000002", "s" * 180
seen = {"trades": 0, "books": 0, "pings": 0, "acks": [], "closed": None}


def oauth(path, secret_name):
    body = {"grant_type": "client_credentials", "appkey": KEY, secret_name: SECRET}
    answer = requests.post(REST + path, json=body, timeout=20)
    answer.raise_for_status()
    return answer.json()


async def listen():
    oauth("/oauth2/tokenP", "appsecret")
    approval = oauth("/oauth2/Approval", "secretkey")["approval_key"]
    async with websockets.connect(WS, ping_interval=None) as ws:
        for tr_id in ("H0STCNT0", "H0STASP0"):
            await ws.send(json.dumps({
                "header": {"approval_key": approval, "custtype": "P", "tr_type": "1", "content-type": "utf-8"},
                "body": {"input": {"tr_id": tr_id, "tr_key": "000660"}},
            }))
        end = asyncio.get_running_loop().time() + SECONDS
        while True:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return
            try:
                message = await asyncio.wait_for(ws.recv(), left)
            except asyncio.TimeoutError:
                return
            if message[0] in "01":
                kind = "trades" if message.split("|")[1] == "H0STCNT0" else "books"
                seen[kind] += int(message.split("|")[2])
                continue
            data = json.loads(message)
            if data["header"]["tr_id"] == "PINGPONG":
                seen["pings"] += 1
                await ws.pong(message)
            else:
                seen["acks"].append(data["body"]["msg_cd"])


try:
    asyncio.run(listen())
except websockets.ConnectionClosed as closed:
    seen["closed"] = str(closed)
print(json.dumps(seen))
