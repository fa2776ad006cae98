package kr.kisgateway.simulator.catalog;

import java.util.List;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.History;

/** A domestic stock as the simulated market shows it at this instant; prices in won, 0 where there is none. */
public interface Listed {
    String isin();

    String name();

    /** The board, such as {@code KOSPI}. */
    String market();

    /** Whether NXT trades it too. */
    boolean onNxt();

    /** Whether its trading is suspended. */
    boolean halted();

    long last();

    /** The base price (기준가), which is the close of the day before. */
    long base();

    /** Open, high and low of the day; 0 before its first trade. */
    long open();

    long high();

    long low();

    long upper();

    long lower();

    /** Shares traded today. */
    long volume();

    /** Won traded today. */
    long turnover();

    long listedShares();

    /** Shares that takers bought today. */
    long bought();

    /** Shares that takers sold today. */
    long sold();

    /** The tick (호가단위) in force at {@code price}. */
    long tick(long price);

    /** Its days before today. */
    History history();

    /** Today's minutes in which there were trades, in order; prices are 0 in those with trades at the closing price only. */
    List<Minutes.Bar> minutes();

    /** What it is, as the exchange lists it. */
    Instrument instrument();

    /** The ask of a level from 1 to 10 and its shares. */
    long ask(int level);

    long askQty(int level);

    long bid(int level);

    long bidQty(int level);

    long totalAskQty();

    long totalBidQty();
}
