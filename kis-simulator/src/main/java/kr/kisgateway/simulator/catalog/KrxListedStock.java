package kr.kisgateway.simulator.catalog;

import java.util.List;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.History;

/** A domestic stock, prices in won. */
public interface KrxListedStock extends ListedStock {
    /** Whether NXT trades it too. */
    boolean onNxt();

    /** Shares that takers bought today. */
    long buyVolume();

    /** Shares that takers sold today. */
    long sellVolume();

    /** Trades today in which a buyer took, and those in which a seller did. */
    long buyCount();

    long sellCount();

    /** The close of today's regular session; 0 before it, and where there are no sessions. */
    long closingPrice();

    /** What an auction would give now; quantity 0 when none collects or orders do not meet. */
    long expectedPrice();

    long expectedQty();

    /** Its days before today. */
    History history();

    /** Today's minutes in which there were trades, in order; prices are 0 in those with trades at the closing price only. */
    List<Minutes.Bar> minutes();

    /** Of the shares of one of today's minutes those that buyers took; an estimate, of which the day's sum is {@link #buyVolume()}. */
    long buyVolume(Minutes.Bar minute);

    /** What it is, as the exchange lists it. */
    Instrument instrument();
}
