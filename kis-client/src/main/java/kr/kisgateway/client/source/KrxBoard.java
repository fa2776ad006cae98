package kr.kisgateway.client.source;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Market;

/** The exchange's daily files, in the order of a symbol's lookup. */
enum KrxBoard {
    KOSPI(Market.KOSPI),
    KOSDAQ(Market.KOSDAQ),
    KONEX(Market.KONEX),
    ETF;

    static final List<KrxBoard> STOCKS = List.of(KOSPI, KOSDAQ, KONEX);

    private final Optional<Market> market;

    KrxBoard(Market market) {
        this.market = Optional.of(market);
    }

    KrxBoard() {
        this.market = Optional.empty();
    }

    /** The section of the file's stocks; empty for the ETFs. */
    Optional<Market> market() {
        return market;
    }
}
