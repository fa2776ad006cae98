package kr.kisgateway.simulator.catalog;

import java.util.List;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.History;

/** A domestic stock, prices in won. */
public interface KrxListedStock extends ListedStock {
    /** Whether NXT trades it too. */
    boolean onNxt();

    /** Shares traded today in which a buyer took. */
    long buyVolume();

    /** Shares traded today in which a seller took. */
    long sellVolume();

    /** The number of trades today in which a buyer took. */
    long buyCount();

    long sellCount();

    /** The close of today's regular session; 0 before it, and where there are no sessions. */
    long closingPrice();

    /** The expected auction price; quantity 0 outside auctions or when orders do not cross. */
    long expectedPrice();

    long expectedQty();

    /** The stock's history before today. */
    History history();

    /** The days of the last year and a week before today at least: a small part of the work of {@link #history}. */
    History lastYear();

    /** Today's minutes with trades, in order; prices are 0 in those with trades at the closing price only. */
    List<Minutes.Bar> minutes();

    /** Today's last trades that were made order by order, newest first; none of several venues together. */
    List<Tape.RecentTrade> recentTrades();

    /** The shares of one of today's minutes that buyers took; an estimate whose sum over the day is {@link #buyVolume()}. */
    long buyVolume(Minutes.Bar minute);

    /** The exchange's listing of the stock. */
    Instrument instrument();
}
