"""A program of KIS as python-kis writes it: requests for REST, websocket-client (which always sends Origin) for ticks.

Usage: REST-URL WEBSOCKET-URL SECONDS SECONDS-BETWEEN-ORDERS
The last line of its output is its report, as JSON.
"""
import base64
import json
import sys
import threading
import time

import requests
import websocket

REST, WS, SECONDS, ORDERS_EVERY = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
KEY, SECRET, ACCOUNT, HTS = "PSPYTHONCLIENT0000000000000000000001", "s" * 180, "72000001", "PYHTS"
seen = {"trades": 0, "books": 0, "notices": 0, "pings": 0, "widths": {}, "acks": [], "refused": [], "closed": None}


def oauth(path, secret_name):
    body = {"grant_type": "client_credentials", "appkey": KEY, secret_name: SECRET}
    answer = requests.post(REST + path, json=body, timeout=20)
    answer.raise_for_status()
    return answer.json()


token = oauth("/oauth2/tokenP", "appsecret")["access_token"]
claims = token.split(".")[1]
seen["jti_is_app_key"] = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["jti"] == KEY
approval = oauth("/oauth2/Approval", "secretkey")["approval_key"]
session = requests.Session()


def headers(tr_id):
    return {
        "content-type": "application/json; charset=utf-8",
        "authorization": "Bearer " + token,
        "appkey": KEY,
        "appsecret": SECRET,
        "tr_id": tr_id,
        "custtype": "P",
    }


def get(path, tr_id, **params):
    answer = session.get(REST + path, headers=headers(tr_id), params=params, timeout=20)
    answer.raise_for_status()
    return answer


price = get("/uapi/domestic-stock/v1/quotations/inquire-price", "FHKST01010100",
            FID_COND_MRKT_DIV_CODE="J", FID_INPUT_ISCD="005930")
seen["price"] = int(price.json()["output"]["stck_prpr"])
balance = get("/uapi/domestic-stock/v1/trading/inquire-balance", "TTTC8434R", CANO=ACCOUNT, ACNT_PRDT_CD="01",
              AFHR_FLPR_YN="N", OFL_YN="", INQR_DVSN="02", UNPR_DVSN="01", FUND_STTL_ICLD_YN="N",
              FNCG_AMT_AUTO_RDPT_YN="N", PRCS_DVSN="00", CTX_AREA_FK100="", CTX_AREA_NK100="")
# The official samples keep only the headers whose names are all lower case.
seen["lower_case_headers"] = sorted(k for k in balance.headers if k.islower())
seen["tr_cont"] = balance.headers["tr_cont"]


def buy():
    body = {"CANO": ACCOUNT, "ACNT_PRDT_CD": "01", "PDNO": "005930", "ORD_DVSN": "01", "ORD_QTY": "1",
            "ORD_UNPR": "0"}
    answer = session.post(REST + "/uapi/domestic-stock/v1/trading/order-cash", headers=headers("TTTC0012U"),
                          json=body, timeout=20).json()
    if answer["rt_cd"] != "0":
        seen["refused"].append(answer["msg_cd"])


def subscribe(ws, tr_id, tr_key):
    ws.send(json.dumps({
        "header": {"approval_key": approval, "custtype": "P", "tr_type": "1", "content-type": "utf-8"},
        "body": {"input": {"tr_id": tr_id, "tr_key": tr_key}},
    }))


def on_open(ws):
    subscribe(ws, "H0STCNT0", "005930")
    subscribe(ws, "H0STASP0", "005930")
    subscribe(ws, "H0STCNI0", HTS)


def on_message(ws, message):
    if message[0] in "01":
        encrypted, tr_id, count, payload = message.split("|", 3)
        if encrypted == "1":
            seen["notices"] += 1
            return
        seen["trades" if tr_id == "H0STCNT0" else "books"] += int(count)
        width = len(payload.split("^")) / int(count)
        seen["widths"].setdefault(tr_id, [])
        if width not in seen["widths"][tr_id]:
            seen["widths"][tr_id].append(width)
        return
    data = json.loads(message)
    if data["header"]["tr_id"] == "PINGPONG":
        seen["pings"] += 1
        ws.send(json.dumps(data))
    else:
        seen["acks"].append(data["body"]["msg_cd"])
        if len(seen["acks"]) == 3:
            threading.Thread(target=trade, daemon=True).start()


over = threading.Event()


def trade():
    while not over.is_set():
        buy()
        over.wait(ORDERS_EVERY)


def on_close(ws, code, reason):
    if not over.is_set():
        seen["closed"] = "%s %s" % (code, reason)


def on_error(ws, error):
    if not over.is_set():
        seen["closed"] = repr(error)


app = websocket.WebSocketApp(WS + "/tryitout", on_open=on_open, on_message=on_message, on_close=on_close,
                             on_error=on_error)
thread = threading.Thread(target=app.run_forever, daemon=True)
thread.start()
end = time.monotonic() + SECONDS
while time.monotonic() < end and thread.is_alive() and seen["closed"] is None:
    thread.join(0.2)
over.set()
app.close()
print(json.dumps(seen))
