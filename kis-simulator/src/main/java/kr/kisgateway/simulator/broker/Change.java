package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.StoredMinutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.DailyHistory;
import kr.kisgateway.simulator.us.UsRecord;

/**
 * A record to store: the complete new state of one entity. {@link #key()} names the entity, so the last record of a key in
 * a batch is enough.
 */
public sealed interface Change {
    /** Equal for records of the same entity. */
    Object key();

    /** The simulator's own secret from which tokens are derived; created once per file. */
    record Identity(String tokenSecret) implements Change {
        @Override
        public Object key() {
            return Identity.class;
        }

        @Override
        public String toString() {
            return "Identity[***]";
        }
    }

    /** An app key, by the SHA-256 of it and of its secret; {@code htsId} empty until one is bound. */
    record Key(String keyHash, String secretHash, String htsId) implements Change {
        @Override
        public Object key() {
            return "key " + keyHash;
        }
    }

    /** The key has used the account, and so receives its notices. */
    record KeyAccount(String keyHash, AccountId account) implements Change {
        @Override
        public Object key() {
            return "uses " + keyHash + account.digits();
        }
    }

    /** A token, by the values it is derived from. */
    record Token(String keyHash, Instant issuedAt, Instant expiresAt, boolean revoked) implements Change {
        @Override
        public Object key() {
            return "token " + keyHash + issuedAt;
        }
    }

    /** The business date and the last order number given in it. */
    record Day(LocalDate day, long lastOdno) implements Change {
        @Override
        public Object key() {
            return Day.class;
        }
    }

    /** The business date on which the simulator began: the days before it are drawn from the seed. Never changes. */
    record FirstDay(LocalDate day) implements Change {
        @Override
        public Object key() {
            return FirstDay.class;
        }
    }

    /** A completed day of a stock on a venue. */
    record Traded(Symbol symbol, Venue venue, DailyBar bar) implements Change {
        @Override
        public Object key() {
            return "traded " + venue + ' ' + symbol + ' ' + bar.date();
        }
    }

    /** The minutes of such a day; the last {@link DailyHistory#MINUTE_DAYS} dates of a stock and venue are stored. */
    record TradedMinutes(Symbol symbol, Venue venue, LocalDate day, List<Minutes.Bar> bars) implements Change {
        public TradedMinutes {
            bars = List.copyOf(bars);
        }

        /** The storage slot: a later day replaces one that has expired. */
        public int slot() {
            return Math.floorMod(day.toEpochDay(), DailyHistory.MINUTE_DAYS);
        }

        @Override
        public Object key() {
            return "minutes " + venue + ' ' + symbol + ' ' + slot();
        }
    }

    /** Today's minutes of a stock that is traded order by order, at most a minute old. */
    record TodaysMinutes(Symbol symbol, Venue venue, LocalDate day, StoredMinutes minutes) implements Change {
        @Override
        public Object key() {
            return "todays minutes " + venue + ' ' + symbol;
        }
    }

    /** Cash of an account in won; see {@code Account}. */
    record Cash(
            AccountId account,
            long settled,
            long dueTomorrow,
            long dueAfterTomorrow,
            long boughtToday,
            long soldToday,
            long costsToday,
            long boughtYesterday,
            long soldYesterday,
            long costsYesterday,
            long assetsYesterday)
            implements Change {
        @Override
        public Object key() {
            return "cash " + account.digits();
        }
    }

    /** Shares of one stock in an account; {@code cost} is their cost basis in won; {@code daysAtZero} 2 = delete it. */
    record Holding(
            AccountId account,
            Symbol symbol,
            long qty,
            long cost,
            long boughtToday,
            long soldToday,
            long boughtYesterday,
            long soldYesterday,
            int daysAtZero)
            implements Change {
        @Override
        public Object key() {
            return "holding " + account.digits() + symbol;
        }
    }

    /** The full state of an order; see {@code UserOrder}. */
    record Order(
            LocalDate day,
            long odno,
            long originalOdno,
            AccountId account,
            Symbol symbol,
            Side side,
            OrderKind kind,
            String dvsn,
            String exchange,
            long qty,
            long price,
            int time,
            long marginPrice,
            long restPrice,
            long priority,
            long filledQty,
            long filledAmount,
            long cancelledQty,
            long rejectedQty,
            boolean open,
            long acceptedAtMillis,
            long fills,
            Venue venue,
            RestingPlace resting,
            long conditionPrice,
            long triggeredAtMillis,
            long basis)
            implements Change {
        @Override
        public Object key() {
            return "order " + day + ' ' + odno;
        }
    }

    /** One fill of an order; {@code sequence} counts within the order from 1. */
    record Fill(LocalDate day, long odno, long sequence, int time, long price, long qty) implements Change {
        @Override
        public Object key() {
            return "fill " + day + ' ' + odno + ' ' + sequence;
        }
    }

    /** A record of the US market. */
    record Us(UsRecord record) implements Change {
        @Override
        public Object key() {
            return record.key();
        }
    }

    /** The day's figures of a stock on a venue. */
    record Price(Symbol symbol, Venue venue, Tape.Figures figures) implements Change {
        @Override
        public Object key() {
            return "price " + venue + ' ' + symbol;
        }
    }
}
