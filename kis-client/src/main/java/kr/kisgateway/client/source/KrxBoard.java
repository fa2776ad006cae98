package kr.kisgateway.client.source;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Board;

/** The exchange's daily files, in the order of a symbol's lookup. */
enum KrxBoard {
    KOSPI(Board.KOSPI),
    KOSDAQ(Board.KOSDAQ),
    KONEX(Board.KONEX),
    ETF;

    static final List<KrxBoard> STOCKS = List.of(KOSPI, KOSDAQ, KONEX);

    private final Optional<Board> market;

    KrxBoard(Board market) {
        this.market = Optional.of(market);
    }

    KrxBoard() {
        this.market = Optional.empty();
    }

    /** The section of the file's stocks; empty for the ETFs. */
    Optional<Board> market() {
        return market;
    }
}
