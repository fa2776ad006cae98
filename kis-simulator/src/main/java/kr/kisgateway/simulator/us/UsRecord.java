package kr.kisgateway.simulator.us;

import java.time.LocalDate;
import java.time.LocalDateTime;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;

/** A record to store: the complete new state of one entity of the US market. */
public sealed interface UsRecord {
    /** Equal for records of the same entity. */
    Object key();

    /** The trading date of the books. */
    record Day(LocalDate date) implements UsRecord {
        @Override
        public Object key() {
            return Day.class;
        }
    }

    /** The trading date before which the past is drawn from the seed. */
    record FirstDay(LocalDate date) implements UsRecord {
        @Override
        public Object key() {
            return FirstDay.class;
        }
    }

    /** A completed day of a stock. */
    record Traded(UsSymbol symbol, DailyBar bar) implements UsRecord {
        @Override
        public Object key() {
            return "us day " + symbol + bar.date();
        }
    }

    /** Dollars of an account; see {@link UsAccount}. */
    record Cash(AccountHolder holder, long settled, long dueTomorrow, long boughtToday, long soldToday, long costsToday)
            implements UsRecord {
        @Override
        public Object key() {
            return "us cash " + holder.digits();
        }
    }

    /** Shares of one stock in an account. */
    record Holding(
            AccountHolder holder,
            UsSymbol symbol,
            long qty,
            long cost,
            long boughtToday,
            long soldToday,
            long boughtAmountToday,
            long soldAmountToday)
            implements UsRecord {
        @Override
        public Object key() {
            return "us holding " + holder.digits() + symbol;
        }

        /** Whether the row has no content any more. */
        public boolean isEmpty() {
            return qty == 0 && boughtToday == 0 && soldToday == 0;
        }
    }

    /**
     * The full state of an order; see {@link UsOrder}.
     *
     * @param day the business date in Korea, within which the number is unique
     * @param date the trading date in New York
     * @param acceptedAt by New York's clock
     */
    record Order(
            LocalDate day,
            long odno,
            long originalOdno,
            AccountHolder holder,
            UsSymbol symbol,
            Side side,
            UsRequest request,
            UsDivision division,
            boolean dayMarket,
            long qty,
            long price,
            int time,
            LocalDate date,
            LocalDateTime acceptedAt,
            long acceptedAtMillis,
            long priority,
            long filledQty,
            long filledAmount,
            long costs,
            long basis,
            long fills,
            long cancelledQty,
            long rejectedQty,
            boolean open)
            implements UsRecord {
        @Override
        public Object key() {
            return "us order " + day + ' ' + odno;
        }
    }

    /** One fill of an order; {@code sequence} counts within the order from 1. */
    record Fill(LocalDate day, long odno, long sequence, LocalDateTime at, long price, long qty) implements UsRecord {
        @Override
        public Object key() {
            return "us fill " + day + ' ' + odno + ' ' + sequence;
        }
    }

    /** The day's figures of a stock. */
    record Price(UsSymbol symbol, Tape.Figures figures) implements UsRecord {
        @Override
        public Object key() {
            return "us price " + symbol;
        }
    }
}
