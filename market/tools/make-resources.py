#!/usr/bin/env python3
"""Generates the data files in market/src/main/resources/kr/kisgateway/market from their sources.

    market/tools/make-resources.py KIS_DIR KRX_DIR

KIS_DIR contains krx-stocks.csv, us-stocks.csv and market-holidays.json, KRX_DIR the exchange's daily files *_isu_base_info_20240105.json
and etf_bydd_trd_20240105.json. The module reads text only (it depends on nothing but the JDK), so JSON is reduced here
to the columns that it uses. Run it again when a source changes; the output is sorted, so a diff shows the changes.

    krx-stocks.csv     copied: the exchange's listing as collected by the public repository FinanceData/fdr_krx_data_cache,
                       listing of 2026-03-22, closes of 2026-03-20; facts only
    krx-base-info.csv  English name and par value of 2024-01-05, from the KRX Open API samples of the MIT-licensed
                       repository seobaeksol/krx-rs (commit 5acf69f); the par value is the exchange's text, as it is
    krx-etfs.csv       the ETFs of 2024-01-05, same origin
    krx-days.txt       non-trading weekdays and moved sessions 2024-2028, from the MIT-licensed Python package
                       holidays 0.105, moved sessions added by hand; the form is described in CalendarFile.java
    nxt-stocks.txt     the 700 KOSPI and KOSDAQ stocks of krx-stocks.csv with the highest turnover: NXT's own list is not
                       public data, so this stands for it
    nyse-days.txt      non-trading weekdays and early closes of New York 2024-2028, same origin and form
    us-stocks.csv      copied: the 440 largest US stocks of 2026-08-22 as collected by the public repository
                       rreichel3/US-Stock-Symbols (facts)
"""
import csv
import json
import pathlib
import shutil
import sys

if len(sys.argv) != 3:
    sys.exit("usage: make-resources.py KIS_DIR KRX_DIR")
kis, krx = (pathlib.Path(argument) for argument in sys.argv[1:])
out = pathlib.Path(__file__).resolve().parent.parent / "src/main/resources/kr/kisgateway/market"


def block(name):
    return json.loads((krx / name).read_text(encoding="utf-8"))["OutBlock_1"]


def table(name, header, rows):
    with open(out / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))


def figure(text):
    """The exchange may write thousands separators."""
    return text.replace(",", "")


shutil.copyfile(kis / "krx-stocks.csv", out / "krx-stocks.csv")
shutil.copyfile(kis / "us-stocks.csv", out / "us-stocks.csv")

table(
    "krx-base-info.csv",
    ["code", "name_en", "par_value"],
    [
        (row["ISU_SRT_CD"], row["ISU_ENG_NM"].strip(), row["PARVAL"].strip())
        for board in ("stk", "ksq", "knx")
        for row in block(f"{board}_isu_base_info_20240105.json")
    ],
)

table(
    "krx-etfs.csv",
    ["code", "name", "date", "listed_shares", "close_krw", "volume", "turnover_krw"],
    [
        (
            row["ISU_CD"],
            row["ISU_NM"].strip(),
            f'{row["BAS_DD"][:4]}-{row["BAS_DD"][4:6]}-{row["BAS_DD"][6:]}',
            figure(row["LIST_SHRS"]),
            figure(row["TDD_CLSPRC"]),
            figure(row["ACC_TRDVOL"]),
            figure(row["ACC_TRDVAL"]),
        )
        for row in block("etf_bydd_trd_20240105.json")
    ],
)

with open(out / "krx-stocks.csv", encoding="utf-8", newline="") as file:
    stocks = [row for row in csv.DictReader(file) if row["market"] in ("KOSPI", "KOSDAQ")]
by_turnover = sorted(stocks, key=lambda row: (-int(row["turnover_krw"]), row["code"]))
(out / "nxt-stocks.txt").write_text(
    "# The stocks that NXT trades, by turnover of 2026-03-20 [assumed]. Made by tools/make-resources.py.\n"
    + "".join(code + "\n" for code in sorted(row["code"] for row in by_turnover[:700])),
    encoding="utf-8",
)

holidays = json.loads((kis / "market-holidays.json").read_text(encoding="utf-8"))
lines = [f"{day} closed {name}" for day, name in holidays["XKRX"].items()]
lines += [
    f'{day} {moved["open"]}-{moved["close"]} {moved["reason"]}' for day, moved in holidays["XKRX_delayed_open"].items()
]
(out / "nyse-days.txt").write_text(
    "# Weekdays on which the New York Stock Exchange is closed or closes early, by its own date and time. "
    "Made by tools/make-resources.py.\n"
    + "".join(
        line + "\n"
        for line in sorted(
            [f"{day} closed {name}" for day, name in holidays["XNYS"].items()]
            + [f"{day} 09:30-13:00 early close" for day in holidays["XNYS_early_close"]]
        )
    ),
    encoding="utf-8",
)
(out / "krx-days.txt").write_text(
    "# Weekdays on which the Korea Exchange is closed or has other hours. Made by tools/make-resources.py.\n"
    + "".join(line + "\n" for line in sorted(lines)),
    encoding="utf-8",
)
