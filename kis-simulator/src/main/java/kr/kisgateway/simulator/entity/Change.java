package kr.kisgateway.simulator.entity;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.StoredMinutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.KoreanDailyHistory;

/**
 * A record to store: the complete new state of one entity, so the last record of an entity in a batch is enough. Prices and
 * amounts are whole units of the market's currency.
 */
public sealed interface Change {
    /** Names the entity among those of its kind. */
    String key();

    /** Equal for records of the same entity. */
    default EntityId id() {
        return new EntityId(getClass(), key());
    }

    /** The name of an entity. */
    record EntityId(Class<? extends Change> kind, String key) {}

    /** The simulator's own secret from which tokens are derived; created once per file. */
    record Identity(String tokenSecret) implements Change {
        @Override
        public String key() {
            return "";
        }

        @Override
        public String toString() {
            return "Identity[***]";
        }
    }

    /** An app key, by the SHA-256 of it and of its secret; {@code htsId} empty until one is bound. */
    record Key(String keyHash, String secretHash, String htsId) implements Change {
        @Override
        public String key() {
            return keyHash;
        }
    }

    /** The key has used the account, and so receives its notices. */
    record KeyAccount(String keyHash, AccountId account) implements Change {
        @Override
        public String key() {
            return keyHash + ' ' + account.digits();
        }
    }

    /** A token, by the values it is derived from. */
    record Token(String keyHash, Instant issuedAt, Instant expiresAt, boolean revoked) implements Change {
        @Override
        public String key() {
            return keyHash + ' ' + issuedAt.toEpochMilli();
        }
    }

    /** The business date in Korea and the last order number given in it, for orders of all markets. */
    record Day(LocalDate day, long lastOdno) implements Change {
        @Override
        public String key() {
            return "";
        }
    }

    /** The trading date of the books of a market that has other dates than Korea. */
    record TradingDate(Market market, LocalDate date) implements Change {
        @Override
        public String key() {
            return market.id();
        }
    }

    /** The date on which the simulator began in a market: the days before it are drawn from the seed. Never changes. */
    record FirstDay(Market market, LocalDate day) implements Change {
        @Override
        public String key() {
            return market.id();
        }
    }

    /**
     * A completed day of a stock.
     *
     * @param venue where it was traded: KRX, NXT, or the exchange that lists it
     */
    record Traded(MarketSymbol symbol, String venue, DailyBar bar) implements Change {
        public Traded(Symbol symbol, Venue venue, DailyBar bar) {
            this(symbol, venue.name(), bar);
        }

        public Traded(UsSymbol symbol, DailyBar bar) {
            this(symbol, symbol.exchange().name(), bar);
        }

        @Override
        public String key() {
            return venue + ' ' + symbol.code() + ' ' + bar.date();
        }
    }

    /** The minutes of such a day; the last {@link KoreanDailyHistory#MINUTE_DAYS} dates of a stock and venue are stored. */
    record TradedMinutes(Symbol symbol, Venue venue, LocalDate day, List<Minutes.Bar> bars) implements Change {
        public TradedMinutes {
            bars = List.copyOf(bars);
        }

        /** By its storage slot: a later day replaces one that has expired. */
        @Override
        public String key() {
            return venue.name()
                    + ' '
                    + symbol.code()
                    + ' '
                    + Math.floorMod(day.toEpochDay(), KoreanDailyHistory.MINUTE_DAYS);
        }
    }

    /** Today's minutes of a stock that is traded order by order, at most a minute old. */
    record TodaysMinutes(Symbol symbol, Venue venue, LocalDate day, StoredMinutes minutes) implements Change {
        @Override
        public String key() {
            return venue.name() + ' ' + symbol.code();
        }
    }

    /** Cash of an account in one currency; see {@code Account}. */
    record Cash(
            AccountId account,
            Currency currency,
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
        public String key() {
            return account.digits() + ' ' + currency.name();
        }
    }

    /** Shares of one stock in an account; {@code cost} is their cost basis. */
    record Holding(
            AccountId account,
            MarketSymbol symbol,
            long qty,
            long cost,
            long boughtToday,
            long soldToday,
            long boughtAmountToday,
            long soldAmountToday,
            long boughtYesterday,
            long soldYesterday,
            int daysAtZero)
            implements Change {
        @Override
        public String key() {
            return account.digits() + ' ' + symbol.code();
        }
    }

    /**
     * Shares of one stock that were bought on credit on one day; {@code amount} is what is still lent.
     *
     * @param ksfc whether the Korea Securities Finance Corporation lends
     */
    record Loan(
            AccountId account,
            Symbol symbol,
            LocalDate date,
            boolean ksfc,
            long amount,
            long qty,
            long cost,
            long boughtToday,
            long soldToday,
            long boughtAmountToday,
            long soldAmountToday,
            long boughtYesterday,
            long soldYesterday,
            int daysAtZero)
            implements Change {
        @Override
        public String key() {
            return account.digits() + ' ' + symbol.code() + ' ' + date + (ksfc ? " KSFC" : "");
        }
    }

    /**
     * A dividend that was paid to an account.
     *
     * @param recordDate who held the {@code qty} shares on this day gets it
     * @param amount before {@code tax}
     */
    record Dividend(AccountId account, Symbol symbol, LocalDate recordDate, long qty, long amount, long tax)
            implements Change {
        @Override
        public String key() {
            return account.digits() + ' ' + symbol.code() + ' ' + recordDate;
        }
    }

    /**
     * The full state of an order; see {@code Order}.
     *
     * @param day the business date in Korea, within which the number is unique
     * @param division ORD_DVSN
     * @param time of arrival by Korea's clock, {@code HHmmss}
     */
    record Order(
            LocalDate day,
            long odno,
            long originalOdno,
            AccountId account,
            MarketSymbol symbol,
            Side side,
            OrderKind kind,
            String division,
            long qty,
            long price,
            int time,
            long acceptedAtMillis,
            long priority,
            long filledQty,
            long filledAmount,
            long basis,
            long fills,
            long cancelledQty,
            long rejectedQty,
            boolean open,
            Terms terms)
            implements Change {
        @Override
        public String key() {
            return day.toString() + ' ' + odno;
        }
    }

    /** The part of an order's state that only its market has. */
    sealed interface Terms {}

    /**
     * @param exchange EXCG_ID_DVSN_CD
     * @param credit the loan of a credit order; empty for an order in cash
     */
    record KoreanTerms(
            String exchange,
            long marginPrice,
            long conditionPrice,
            long triggeredAtMillis,
            Venue venue,
            RestingPlace resting,
            long restPrice,
            Optional<Credit> credit)
            implements Terms {
        /** The terms of an order in cash. */
        public KoreanTerms(
                String exchange,
                long marginPrice,
                long conditionPrice,
                long triggeredAtMillis,
                Venue venue,
                RestingPlace resting,
                long restPrice) {
            this(exchange, marginPrice, conditionPrice, triggeredAtMillis, venue, resting, restPrice, Optional.empty());
        }
    }

    /**
     * @param date the trading date in New York
     * @param acceptedAt by New York's clock
     */
    record UsTerms(boolean dayMarket, LocalDate date, LocalDateTime acceptedAt) implements Terms {}

    /**
     * One fill of an order; {@code sequence} counts within the order from 1.
     *
     * @param time by Korea's clock, {@code HHmmss}
     */
    record Fill(LocalDate day, long odno, long sequence, int time, long price, long qty) implements Change {
        @Override
        public String key() {
            return day.toString() + ' ' + odno + ' ' + sequence;
        }
    }

    /** The day's figures of a stock where it is traded, as in {@link Traded}. */
    record Price(MarketSymbol symbol, String venue, Tape.Figures figures) implements Change {
        public Price(Symbol symbol, Venue venue, Tape.Figures figures) {
            this(symbol, venue.name(), figures);
        }

        public Price(UsSymbol symbol, Tape.Figures figures) {
            this(symbol, symbol.exchange().name(), figures);
        }

        @Override
        public String key() {
            return venue + ' ' + symbol.code();
        }
    }
}
