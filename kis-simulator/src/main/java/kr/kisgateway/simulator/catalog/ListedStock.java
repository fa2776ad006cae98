package kr.kisgateway.simulator.catalog;

/** A stock in a simulated market at this instant; prices in units of its currency, 0 where there is none. */
public interface ListedStock {
    String isin();

    String name();

    /** The board, such as {@code KOSPI}. */
    String market();

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

    /** The tick (호가단위) in force at {@code price}. */
    long tick(long price);

    /** The ask of a level from 1 to 10 and its shares. */
    long ask(int level);

    long askQty(int level);

    long bid(int level);

    long bidQty(int level);

    long totalAskQty();

    long totalBidQty();
}
