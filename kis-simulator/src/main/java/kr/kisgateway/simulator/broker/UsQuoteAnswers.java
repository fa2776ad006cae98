package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.exchange.MatchingBook;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsRules;
import kr.kisgateway.simulator.us.UsStock;
import kr.kisgateway.simulator.us.UsTrade;
import kr.kisgateway.wire.RestCall;

/** The US market in the columns of KIS's quotes. */
final class UsQuoteAnswers {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private final UsMarket market;
    private final UsRules rules;
    private final UsLastTrades lastTrades;

    /** @param seed of the drawn trades */
    UsQuoteAnswers(UsMarket market, UsRules rules, long seed) {
        this.market = market;
        this.rules = rules;
        this.lastTrades = new UsLastTrades(market, seed);
    }

    /** KIS's answer for an unknown symbol: every column blank and every list empty (§16.7). */
    static KnownFields unknown(RestCall call) {
        BlockRows rows = new BlockRows();
        for (RestCall.Block block : call.outputs()) {
            if (block.shape() == RestCall.Shape.ARRAY) {
                rows.list(block.name(), List.of());
            } else {
                rows.object(
                        block.name(),
                        block.columns().stream()
                                .collect(Collectors.toMap(RestCall.Column::name, column -> "", (a, b) -> a)));
            }
        }
        return rows;
    }

    KnownFields price(CatalogRequest request, UsStock stock) {
        Tape.Figures f = stock.tape().figures();
        Map<String, String> row = new HashMap<>(change(f.last(), f.base()));
        row.put("rsym", realtimeKey(request, stock));
        row.put("zdiv", "4");
        row.put("base", UsFrames.price(f.base()));
        row.put("pvol", Long.toString(previousVolume(stock)));
        row.put("tvol", Long.toString(f.volume()));
        row.put("tamt", UsFrames.dollars(f.turnover()));
        row.put("ordy", "매도/매수");
        return new BlockRows().object("output", row);
    }

    private long previousVolume(UsStock stock) {
        History history = market.dailyHistory().of(stock.instrument(), market.date());
        return history.size() == 0 ? 0 : history.bar(history.size() - 1).volume();
    }

    KnownFields detail(CatalogRequest request, UsStock stock) {
        Tape.Figures f = stock.tape().figures();
        Map<String, String> row = new HashMap<>();
        row.put("rsym", realtimeKey(request, stock));
        History history = market.dailyHistory().of(stock.instrument(), market.date());
        YearExtremes.PastExtremes pastExtremes = YearExtremes.PastExtremes.of(history, market.date());
        YearExtremes.HighLow year = pastExtremes.weeks52().including(f, market.date());
        row.put("pvol", Long.toString(pastExtremes.volume()));
        if (history.size() > 0) {
            row.put("pamt", UsFrames.dollars(history.bar(history.size() - 1).turnover()));
        }
        row.put("h52p", UsFrames.price(year.high()));
        row.put("h52d", DAY.format(year.highOn()));
        row.put("l52p", UsFrames.price(year.low()));
        row.put("l52d", DAY.format(year.lowOn()));
        row.put("open", UsFrames.price(f.open()));
        row.put("high", UsFrames.price(f.high()));
        row.put("low", UsFrames.price(f.low()));
        row.put("last", UsFrames.price(f.last()));
        row.put("base", UsFrames.price(f.base()));
        row.put(
                "tomv",
                BigDecimal.valueOf(f.last(), 4)
                        .multiply(BigDecimal.valueOf(stock.instrument().listedShares()))
                        .setScale(0, RoundingMode.DOWN)
                        .toPlainString());
        row.put("uplp", "0.0000");
        row.put("dnlp", "0.0000");
        row.put("shar", Long.toString(stock.instrument().listedShares()));
        row.put("curr", "USD");
        row.put("zdiv", "4");
        row.put("vnit", "1");
        row.put("t_xprc", won(f.last()));
        row.put("t_xdif", won(Math.abs(f.last() - f.base())));
        row.put("t_xrat", UsFrames.rate(f.last() - f.base(), f.base()));
        row.put("t_rate", rules.wonPerDollar().setScale(2, RoundingMode.HALF_UP).toPlainString());
        row.put("p_rate", rules.wonPerDollar().setScale(2, RoundingMode.HALF_UP).toPlainString());
        row.put("t_xsgn", UsFrames.sign(f.last() - f.base()));
        row.put("e_ordyn", "매매 가능");
        row.put("e_hogau", UsFrames.price(UsTicks.tick(f.last())));
        row.put("e_icod", stock.instrument().sector().orElse(""));
        row.put("tvol", Long.toString(f.volume()));
        row.put("tamt", UsFrames.dollars(f.turnover()));
        return new BlockRows().object("output", row);
    }

    /** inquire-asking-price: the book has the best level alone; deeper ones of an open market are generated around it. */
    KnownFields askingPrice(CatalogRequest request, UsStock stock, Instant now) {
        Tape.Figures f = stock.tape().figures();
        MatchingBook book = stock.stockBook().book();
        long bid = book.best(Side.BUY);
        long ask = book.best(Side.SELL);
        ZonedDateTime newYork = now.atZone(UsHours.NEW_YORK);
        Map<String, String> summary = new HashMap<>();
        summary.put("rsym", realtimeKey(request, stock));
        summary.put("zdiv", "4");
        summary.put("curr", "USD");
        summary.put("base", UsFrames.price(f.base()));
        summary.put("open", UsFrames.price(f.open()));
        summary.put("high", UsFrames.price(f.high()));
        summary.put("low", UsFrames.price(f.low()));
        summary.put("last", UsFrames.price(f.last()));
        summary.put("dymd", DAY.format(newYork));
        summary.put("dhms", TIME.format(newYork));
        summary.put("bvol", Long.toString(book.total(Side.BUY)));
        summary.put("avol", Long.toString(book.total(Side.SELL)));
        summary.put("bdvl", "0");
        summary.put("advl", "0");
        summary.put("code", stock.symbol().ticker());
        summary.put("ropen", rateOfBase(f.open(), f.base()));
        summary.put("rhigh", rateOfBase(f.high(), f.base()));
        summary.put("rlow", rateOfBase(f.low(), f.base()));
        summary.put("rclose", rateOfBase(f.last(), f.base()));
        Map<String, String> levels = new HashMap<>();
        putLevel(levels, 1, bid, book.quantityAt(Side.BUY, bid), ask, book.quantityAt(Side.SELL, ask));
        if (bid == 0 && ask == 0) {
            // An empty book, as outside the sessions, has no deeper levels either.
            for (int level = 2; level <= OrderBook.LEVELS; level++) {
                putLevel(levels, level, 0, 0, 0, 0);
            }
        }
        return new BlockRows().object("output1", summary).object("output2", levels);
    }

    private static void putLevel(Map<String, String> row, int level, long bid, long bidQty, long ask, long askQty) {
        row.put("pbid" + level, UsFrames.price(bid));
        row.put("pask" + level, UsFrames.price(ask));
        row.put("vbid" + level, Long.toString(bidQty));
        row.put("vask" + level, Long.toString(askQty));
        row.put("dbid" + level, "0");
        row.put("dask" + level, "0");
    }

    private static String rateOfBase(long price, long base) {
        return price == 0 ? "0.00" : UsFrames.rate(price - base, base);
    }

    /** inquire-ccnl of the quotes: the last trades, newest first. */
    KnownFields trades(UsStock stock) {
        Tape.Figures f = stock.tape().figures();
        return new BlockRows()
                .list(
                        "output1",
                        lastTrades.of(stock).stream()
                                .map(trade -> trade(trade, f))
                                .toList());
    }

    private static Map<String, String> trade(UsTrade trade, Tape.Figures f) {
        Map<String, String> row = new HashMap<>(change(trade.price(), f.base()));
        row.put("vpow", UsFrames.strength(f));
        row.put("evol", Long.toString(trade.qty()));
        row.put("khms", TIME.format(trade.at().atZone(TradingCalendar.SEOUL)));
        row.put("tvol", Long.toString(trade.volume()));
        row.put("mtyp", UsFrames.session(trade.session()));
        row.put("pbid", UsFrames.price(trade.bid()));
        row.put("pask", UsFrames.price(trade.ask()));
        return row;
    }

    KnownFields information(UsStock stock) {
        UsExchange exchange = stock.symbol().exchange();
        Map<String, String> row = new HashMap<>();
        row.put("prdt_eng_name", stock.instrument().name());
        row.put("natn_cd", "840");
        row.put("natn_name", "미국");
        row.put("tr_mket_name", UsKeys.koreanName(exchange));
        row.put("ovrs_excg_cd", exchange.name());
        row.put("ovrs_excg_name", UsKeys.koreanName(exchange));
        row.put("tr_crcy_cd", "USD");
        row.put("crcy_name", "미국 달러");
        row.put("sll_unit_qty", "1");
        row.put("buy_unit_qty", "1");
        row.put("lstg_stck_num", Long.toString(stock.instrument().listedShares()));
        row.put("lstg_yn", "Y");
        row.put("lstg_abol_item_yn", "N");
        row.put("ovrs_stck_tr_stop_dvsn_cd", "01");
        row.put("ovrs_item_name", stock.instrument().name());
        row.put("prdt_name", stock.instrument().name());
        row.put("blbg_tckr_text", stock.symbol().ticker() + " US Equity");
        row.put("dtm_tr_psbl_yn", "Y");
        row.put("ovrs_now_pric1", UsFrames.price(stock.tape().last()));
        return new BlockRows().object("output", row);
    }

    /** A ranking of an exchange's stocks by the criterion of the call. */
    KnownFields ranking(CatalogRequest request, UsExchange exchange) {
        List<UsStock> all = market.listing().all().stream()
                .filter(stock -> stock.symbol().exchange() == exchange)
                .flatMap(stock -> market.find(stock.symbol()).stream())
                .toList();
        return UsRankings.of(request, all);
    }

    private static Map<String, String> change(long price, long base) {
        long change = price - base;
        return Map.of(
                "last", UsFrames.price(price),
                "sign", UsFrames.sign(change),
                "diff", UsFrames.price(change),
                "rate", UsFrames.rate(change, base));
    }

    static String realtimeKey(CatalogRequest request, UsStock stock) {
        String exchangeCode = request.param("EXCD");
        return (UsKeys.isDayMarketCode(exchangeCode) ? "R" : "D")
                + exchangeCode
                + stock.symbol().ticker();
    }

    private String won(long units) {
        return BigDecimal.valueOf(units, 4)
                .multiply(rules.wonPerDollar())
                .setScale(0, RoundingMode.DOWN)
                .toPlainString();
    }
}
